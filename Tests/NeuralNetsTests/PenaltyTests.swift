import Autodiff
import NeuralNets
import Tensors
import TestSupport
import Testing

/// A case of `regularizers.json` or `constraints.json`.
struct PenaltyCase: Sendable, CustomTestStringConvertible {
  let json: KerasFamily.JSON
  let weight: Tensor
  var code: String { json["code"].text ?? "" }
  var testDescription: String { code + " on " + (json["weights"].text ?? "") }

  static func all(_ name: String) -> [PenaltyCase] {
    guard let family = try? KerasFamily(name) else { return [] }
    return family.cases.compactMap { json in
      family.content["weights"][json["weights"].text ?? ""].tensor
        .map { PenaltyCase(json: json, weight: $0) }
    }
  }
}

@Suite("Regularizers")
struct RegularizerTests {
  @Test("penalties and their gradients are Keras's", arguments: PenaltyCase.all("regularizers"))
  func penalties(example: PenaltyCase) throws {
    let component = try #require(try CodedParts.part("regularizer", example.code))
    let type = try #require(RegularizerCatalog.all.first { $0.entry.kind == component.kind })
    var builder = GraphBuilder(mode: .training)
    let w = builder.parameter("dense/kernel", "W", example.weight.shape)
    builder.beginLoss()
    let loss = type.init(component.arguments).penalty(of: w, into: &builder)
    #expect(loss.shape.count == 1)
    let plan = Planner.plan(
      builder, inputs: [w], outputs: [loss], parameters: [w], judgment: Judgment(loss: loss),
      optimizer: OptimizerRule(.known("SGD")))
    let execution = Execution(plan)
    execution.write(example.weight.scalars, to: w)
    execution.begin(seed: 0, step: 0, learningRate: 0)
    execution.run()
    let value = try #require(example.json["value"].tensor)
    #expect(difference(execution.numbers(of: loss), value.scalars) < 2e-6)
    let gradient = try #require(plan.gradients[w])
    let expected = try #require(example.json["gradient"].tensor)
    #expect(difference(execution.numbers(of: gradient), expected.scalars) < 2e-6)
  }

  @Test("a matrix is asked for where only a matrix will do")
  func matrices() throws {
    let layer = Component.known(
      "Dense", [("units", .integer(2)), ("bias_regularizer", .text("orthogonal_regularizer"))])
    #expect(throws: Network.Failure.self) {
      try Network(ModelDescription(inputShape: [3], layers: [layer]))
    }
  }
}

@Suite("Constraints")
struct ConstraintTests {
  @Test("held weights are Keras's", arguments: PenaltyCase.all("constraints"))
  func held(example: PenaltyCase) throws {
    let component = try #require(try CodedParts.part("constraint", example.code))
    var builder = GraphBuilder(mode: .training)
    let w = builder.parameter("dense/kernel", "W", example.weight.shape)
    builder.beginLoss()
    let loss = builder.reduce(.sum, w)
    let spec = WeightSpec("kernel", w.shape, .zeros, constraint: component)
    let plan = Planner.plan(
      builder, inputs: [w], outputs: [loss], parameters: [w], judgment: Judgment(loss: loss),
      optimizer: OptimizerRule(.known("SGD"), for: [(w, spec)]))
    let execution = Execution(plan)
    execution.write(example.weight.scalars, to: w)
    execution.begin(seed: 0, step: 0, learningRate: 0)
    execution.run()
    let expected = try #require(example.json["projected"].tensor)
    #expect(difference(execution.numbers(of: w), expected.scalars) < 2e-6)
  }

  @Test("an axis that a weight does not have is refused")
  func axes() throws {
    let layer = Component.known(
      "Dense",
      [
        ("units", .integer(2)),
        ("bias_constraint", .component(.known("MaxNorm", [("axis", .integer(1))]))),
      ])
    #expect(throws: Network.Failure.self) {
      try Network(ModelDescription(inputShape: [3], layers: [layer]))
    }
  }
}

@Suite("Names and arguments")
struct FamilyNameTests {
  static let families: [ComponentFamily] = [.optimizer, .regularizer, .constraint]

  @Test("arguments have Keras's names, order and defaults", arguments: families)
  func signatures(family: ComponentFamily) throws {
    let signatures = try KerasFamily("signatures").content
    for known in family.classes where known.module == nil {
      let place = "keras.\(family.module).\(known.kind)"
      let expected = signatures[place].items.filter {
        !["args", "kwargs"].contains($0["name"].text ?? "")
      }
      #expect(known.arguments.map(\.name) == expected.map { $0["name"].text }, "\(place)")
      for (spec, parameter) in zip(known.arguments, expected) {
        let written = parameter["default"].text ?? ""
        let agrees: Bool? = spec.defaultValue.map { value in
          switch value {
          case .none: written == "None"
          case .boolean(let flag): written == (flag ? "True" : "False")
          case .text(let text): written == "'\(text)'"
          default: Double(written) == value.asNumber
          }
        }
        #expect(agrees == true, "\(place) \(spec.name): \(written)")
      }
    }
  }

  @Test("strings stand for what they stand for in Keras", arguments: families)
  func strings(family: ComponentFamily) throws {
    let aliases = try KerasFamily("aliases").content["\(family.module)/strings"].members
    #expect(!aliases.isEmpty)
    for (string, kind) in aliases {
      // Optimizers are found whatever the case of their name.
      let known =
        family.named(string)
        ?? (family == .optimizer
          ? family.classes.first { $0.kind.lowercased() == string.lowercased() } : nil)
      let found = known.flatMap { $0.hasDefaults ? $0.kind : nil }
      let isOffered = kind.text.map { family.named($0) != nil } ?? true
      if isOffered { #expect(found == kind.text, "\(string)") }
    }
  }
}
