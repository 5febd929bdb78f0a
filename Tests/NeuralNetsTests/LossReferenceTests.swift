import Autodiff
import NeuralNets
import Tensors
import Testing

@Suite("Losses against Keras")
struct LossReferenceTests {
  private struct File: Decodable {
    let yTrue, yPred, sampleWeight: [String: ReferenceTensor]
    let cases: [Case]
  }

  private struct Case: Decodable {
    let name, code, yTrue, yPred: String
    let sampleWeight: String?
    let loss, gradient: ReferenceTensor
  }

  private static let file = try? KerasFamilies.load("losses", as: File.self)

  @Test(
    "values and gradients are Keras's, with every argument, reduction and weight",
    arguments: LossCatalog.all.map(\.kind))
  func values(kind: String) throws {
    let file = try #require(Self.file)
    let cases = file.cases.filter { $0.name == kind }
    #expect(!cases.isEmpty)
    for one in cases {
      let component = try ReferenceCall(one.code).component(of: .loss)
      let (y, t) = (try #require(file.yPred[one.yPred]), try #require(file.yTrue[one.yTrue]))
      let weights = try one.sampleWeight.map { try #require(file.sampleWeight[$0]).tensor }
      let run = LossRun(component, prediction: y.tensor, target: t.tensor, weights: weights)
      let place = "\(one.code) of \(one.yTrue), \(one.yPred), \(one.sampleWeight ?? "unweighted")"
      #expect(one.loss.distance(to: run.loss) < 1e-5, "\(place): \(run.loss)")
      #expect(one.gradient.distance(to: run.gradient) < 1e-5, "\(place)")
      if let fused = LossCatalog.loss(component).fused, weights == nil,
        LossReduction(component.arguments).isMean
      {
        let quick = LossRun(
          component, prediction: y.tensor, target: t.tensor, weights: nil, fused: fused)
        #expect(one.loss.distance(to: quick.loss) < 1e-5, "\(place), fused")
        #expect(one.gradient.distance(to: quick.gradient) < 1e-5, "\(place), fused")
      }
    }
  }

  @Test(
    "every gradient is the slope of its loss, in Float64", arguments: LossCatalog.all.map(\.kind))
  func slopes(kind: String) throws {
    let file = try #require(Self.file)
    var seen: Set<String> = []
    for one in file.cases where one.name == kind && one.sampleWeight == nil {
      // At 0 and 1 clips have two slopes.
      guard one.yPred != "certain", seen.insert(one.code).inserted else { continue }
      let component = try ReferenceCall(one.code).component(of: .loss)
      let (y, t) = (try #require(file.yPred[one.yPred]), try #require(file.yTrue[one.yTrue]))
      let run = LossRun(component, prediction: y.tensor, target: t.tensor, weights: nil)
      let (finding, error) = try #require(
        GradientCheck(run.atStart).worst(of: run.atStart.plan.parameters))
      #expect(error < 1e-5, "\(one.code): \(finding)")
    }
  }

  @Test("arguments, their order and defaults are Keras's")
  func signatures() throws {
    let all = try KerasFamilies.load("signatures", as: [String: [KerasFamilies.Argument]].self)
    for loss in LossCatalog.all {
      let signature = try #require(all["keras.losses.\(loss.kind)"])
      #expect(loss.arguments.map(\.name) == signature.map(\.name), "\(loss.kind)")
      for (spec, argument) in zip(loss.arguments, signature) {
        let standard = ReferenceCall.literal(try #require(argument.default))
        #expect(spec.normalized(standard) == spec.defaultValue, "\(loss.kind) \(spec.name)")
      }
    }
    // CTC is for labels of sequences, and Loss is what classes of a program derive from.
    let known = Set(LossCatalog.all.map(\.kind)).union(["CTC", "Loss"])
    let classes = all.keys.filter { $0.hasPrefix("keras.losses.") }
      .map { String($0.dropFirst("keras.losses.".count)) }.filter { $0.first?.isUppercase == true }
    #expect(Set(classes) == known)
  }

  @Test("the arguments of Keras's functions are those of their classes")
  func functions() throws {
    let all = try KerasFamilies.load("signatures", as: [String: [KerasFamilies.Argument]].self)
    // Other embeddings to compare with are for calls by hand.
    let ofCallsByHand = ["ref_labels", "ref_embeddings"]
    for (path, signature) in all where path.hasPrefix("keras.losses.") {
      let name = String(path.dropFirst("keras.losses.".count))
      guard name.first?.isLowercase == true, signature.first?.name == "y_true",
        !["ctc", "categorical_generalized_cross_entropy"].contains(name)
      else { continue }
      let known = try #require(ComponentFamily.loss.named(name), "\(name)")
      for argument in signature.dropFirst(2) where !ofCallsByHand.contains(argument.name) {
        let spec = try #require(known.arguments.first { $0.name == argument.name })
        let standard = argument.default.map(ReferenceCall.literal)
        #expect(standard.flatMap(spec.normalized) == spec.defaultValue, "\(name)")
      }
    }
  }

  @Test("the strings that Keras takes for a loss stand for it, others for none")
  func names() throws {
    let aliases = try KerasFamilies.load("aliases", as: [String: [String: String?]].self)
    for (name, meaning) in try #require(aliases["losses/strings"])
    where !["CTC", "ctc", "Loss"].contains(name) {
      let found = ComponentFamily.loss.named(name).flatMap { $0.isNamedAlone ? $0.kind : nil }
      #expect(found == meaning.flatMap { ComponentFamily.loss.named($0)?.kind }, "\(name)")
      #expect((found != nil) == (meaning != nil), "\(name)")
    }
  }

  @Test("losses are alphabetical and told apart by their names")
  func catalog() {
    let kinds = LossCatalog.all.map(\.kind)
    #expect(kinds == kinds.sorted())
    let names = LossCatalog.all.flatMap { Set([$0.kind] + $0.shortNames) }
    #expect(Set(names).count == names.count)
  }
}

/// A loss of given numbers, and its gradient by the prediction.
private struct LossRun {
  let loss, gradient: [Float]
  /// The run before its first instruction, for gradient checks.
  let atStart: Execution

  init(
    _ component: Component, prediction: Tensor, target: Tensor, weights: Tensor?,
    fused: LossFunction? = nil
  ) {
    let judge = LossCatalog.loss(component)
    var builder = GraphBuilder(mode: .training)
    let y = builder.parameter("prediction", "y", prediction.shape)
    builder.beginLoss()
    let t = builder.target("target", "t", judge.targetShape(for: prediction.shape))
    let s = weights.map { builder.target("weights", "s", $0.shape) }
    let value: Value
    if let fused {
      value = builder.apply(LossOp(fused, afterSoftmax: false), to: [y, t])
    } else {
      let losses = judge.losses(prediction: y, target: t, into: &builder)
      value = LossReduction(component.arguments).reduce(losses, s, name: "loss", into: &builder)
    }
    let total = value.shape.count == 1 ? value : builder.reduce(.sum, value, name: "total_loss")
    var judgment = Judgment(loss: total)
    judgment.targets = [t]
    let plan = Planner.plan(
      builder, inputs: [y], outputs: [y], parameters: [y], judgment: judgment,
      optimizer: NoUpdate())
    func begun() -> Execution {
      let execution = Execution(plan)
      execution.begin(seed: 0, step: 0, learningRate: 0)
      execution.write(prediction.scalars, to: y)
      execution.write(target.scalars, to: t)
      if let s, let weights { execution.write(weights.scalars, to: s) }
      return execution
    }
    atStart = begun()
    let execution = begun()
    execution.run()
    loss = execution.numbers(of: value)
    gradient =
      plan.gradients[y].map { execution.numbers(of: $0) } ?? prediction.scalars.map { _ in 0 }
  }
}

/// Leaves parameters as they are.
struct NoUpdate: UpdateRule {
  func update(_ parameters: [LearnedParameter], _ emitter: inout Emitter) {}
}
