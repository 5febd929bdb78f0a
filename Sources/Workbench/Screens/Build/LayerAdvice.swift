import NeuralNets
import Tensors
import TerminalGraphics

/// What a teacher would say of a layer. Never a refusal.
enum LayerAdvice {
  /// - Parameter given: the names of weights that have numbers before the run begins.
  static func all(_ blueprint: Blueprint, given: Set<String>) -> [BuildCheck] {
    blueprint.placed.indices.flatMap { of($0, blueprint, given) } + depth(blueprint)
      + deadEnds(blueprint)
  }

  private static func of(
    _ i: Int, _ blueprint: Blueprint, _ given: Set<String>
  ) -> [BuildCheck] {
    let layer = blueprint.placed[i]
    let model = blueprint.model
    let isLast = i == model.layers.count - 1
    var found: [BuildCheck] = []
    func advise(_ text: String, _ fix: CheckFix? = nil) {
      found.append(
        BuildCheck(verdict: .advice, title: layer.name, text: text, line: i + 1, fix: fix))
    }
    if blueprint.activation(of: i) == .softmax {
      if layer.outputShape.last == 1 {
        advise("a softmax over 1 number is always 1", set(i, "activation", .text("sigmoid"), model))
      }
      if isFollowed(i, blueprint) {
        advise(
          "softmax in the middle keeps its outputs between 0 and 1, their sum at 1",
          set(i, "activation", .text("relu"), model))
      }
    }
    if LayerCatalog.kindsThatDrop.contains(layer.kind) {
      if isLast {
        advise("as the last layer it drops outputs themselves while training", removed(i, model))
      }
      if let text = dropped(model.layers[i], layer.inputShape) { advise(text) }
      if next(i, blueprint)?.kind == "BatchNormalization" {
        advise(
          "before a BatchNormalization it makes the spread differ from training to use: put it after",
          movedDown(i, model))
      }
    }
    if layer.kind == "Dense", !isLast, blueprint.activation(of: i) == .linear,
      let after = next(i, blueprint), after.kind == "Dense",
      // Fewer units than come in and go out are a bottleneck, which one layer would not have.
      layer.outputShape.last >= min(layer.inputShape.last, after.outputShape.last)
    {
      advise(
        "with no activation it and \(after.name) do what \(after.name) could do alone",
        set(i, "activation", .text("relu"), model))
    }
    // Filters of one channel each start alike and see other numbers.
    if layer.outputShape.last > 1, let kernel = layer.weights.first,
      kernel.path.hasSuffix("kernel"), !given.contains(where: { $0.hasSuffix(kernel.path) }),
      model.layers[i].arguments[ifTaken: "kernel_initializer"] != nil,
      ["Zeros", "Ones", "Constant"].contains(kernel.initializer.component.kind)
    {
      advise(
        "all its units start alike and stay alike: they learn the same",
        set(i, "kernel_initializer", .text("glorot_uniform"), model))
    }
    if layer.kind == "Dense", layer.inputShape.rank == 3 {
      advise(
        "on an image it weighs channels pixel by pixel, not the pixels: Flatten first if those count"
      )
    }
    return found
  }

  /// The only layer that takes what a layer gives.
  private static func next(_ i: Int, _ blueprint: Blueprint) -> Network.PlacedLayer? {
    let calls = blueprint.wiring.calls
    guard let call = calls.firstIndex(where: { $0.layer == i }) else { return nil }
    let takers = calls.filter { $0.inputs.contains(.call(call)) }
    return takers.count == 1 ? blueprint.place(takers[0].layer) : nil
  }

  /// Whether layers that learn come after a layer.
  private static func isFollowed(_ i: Int, _ blueprint: Blueprint) -> Bool {
    guard let edits = try? GraphEdits(blueprint.model, dataShape: blueprint.inputShape),
      let call = edits.firstCall(of: i)
    else { return false }
    return edits.calls.indices.contains { later in
      later != call && edits.depends(later, on: call)
        && !(blueprint.place(edits.calls[later].layer)?.weights.isEmpty ?? true)
    }
  }

  private static func dropped(_ layer: Component, _ input: Shape) -> String? {
    guard layer.kind == "Dropout", case .number(let rate) = layer.arguments["rate"], rate > 0 else {
      return nil
    }
    let mean = Double(input.count) * rate
    let shown = NumberFormat.fixed(mean, decimals: mean < 100 ? 1 : 0)
    return "drops \(shown) of these \(input.count) values on average, while training only"
  }

  /// Many layers whose slope is at most 1/4 or 1 in a row.
  private static func depth(_ blueprint: Blueprint) -> [BuildCheck] {
    let sigmoids = blueprint.placed.indices.dropLast().filter {
      blueprint.activation(of: $0) == .sigmoid
    }
    guard sigmoids.count >= 3, let first = sigmoids.first else { return [] }
    var model = blueprint.model
    for i in sigmoids { try? model.layers[i].arguments.set("activation", .text("relu")) }
    return [
      BuildCheck(
        verdict: .advice, title: blueprint.names[first],
        text:
          "\(sigmoids.count) sigmoids follow each other: each slope is at most 1/4, so little of "
          + "the gradient reaches the first", line: first + 1,
        fix: CheckFix(title: "relu in all of them", model: model))
    ]
  }

  /// Calls that lead nowhere.
  private static func deadEnds(_ blueprint: Blueprint) -> [BuildCheck] {
    let wiring = blueprint.wiring
    let taken = Set(
      wiring.calls.flatMap { $0.inputs.compactMap(\.call) } + wiring.outputs.compactMap(\.call))
    return wiring.calls.indices.filter { !taken.contains($0) }.map { call in
      BuildCheck(
        verdict: .advice, title: blueprint.names[wiring.calls[call].layer],
        text: "nothing takes what it gives: it does not learn", line: wiring.calls[call].layer + 1)
    }
  }

  // MARK: Fixes

  static func set(
    _ i: Int, _ name: String, _ value: ArgumentValue, _ model: ModelDescription
  ) -> CheckFix? {
    var changed = model
    do { try changed.layers[i].arguments.set(name, value) } catch { return nil }
    return CheckFix(title: "\(name)=\(SettingText.value(value))", model: changed)
  }

  private static func removed(_ i: Int, _ model: ModelDescription) -> CheckFix? {
    edited(model, "take it away") { edits throws in
      guard let call = edits.firstCall(of: i) else { throw GraphEdits.Refusal("not called") }
      return try edits.removing(call)
    }
  }

  private static func movedDown(_ i: Int, _ model: ModelDescription) -> CheckFix? {
    edited(model, "put it after") { edits throws in
      guard let call = edits.firstCall(of: i) else { throw GraphEdits.Refusal("not called") }
      return try edits.movingDown(call)
    }
  }

  private static func edited(
    _ model: ModelDescription, _ title: String,
    _ edit: (GraphEdits) throws -> GraphEdits.Outcome
  ) -> CheckFix? {
    guard let edits = try? GraphEdits(model, dataShape: model.inputShape ?? [1]),
      let outcome = try? edit(edits)
    else { return nil }
    var changed = outcome.model
    if model.inputShape == nil { changed.inputShape = nil }
    return CheckFix(title: title, model: changed)
  }
}

/// What a teacher would say of how a network is trained, and on how much.
enum TrainingAdvice {
  static func all(
    _ blueprint: Blueprint, _ workpiece: Workpiece, _ facts: DataFacts
  ) -> [BuildCheck] {
    guard blueprint.failure == nil else { return [] }
    return [
      rate(blueprint.model), batch(workpiece, facts, blueprint), size(blueprint, facts),
    ].compactMap(\.self)
  }

  /// The learning rates that each optimizer is usually given.
  private static let usual: [String: (range: ClosedRange<Double>, standard: Double)] = [
    "SGD": (1e-4...1, 0.01), "Adam": (1e-5...0.02, 0.001), "AdamW": (1e-5...0.02, 0.001),
    "Nadam": (1e-5...0.02, 0.001), "Adamax": (1e-5...0.05, 0.001), "RMSprop": (1e-5...0.02, 0.001),
    "Adagrad": (1e-4...0.5, 0.01), "Lion": (1e-6...0.002, 0.0001),
  ]

  private static func rate(_ model: ModelDescription) -> BuildCheck? {
    guard let optimizer = model.compilation?.optimizer, let known = usual[optimizer.kind],
      case .number(let rate) = optimizer.arguments["learning_rate"], !known.range.contains(rate)
    else { return nil }
    var changed = model
    try? changed.compilation?.optimizer.arguments.set("learning_rate", .number(known.standard))
    let shown = SettingText.number(rate)
    let text =
      rate == 0
      ? "a learning rate of 0 changes no weight"
      : rate < known.range.lowerBound
        ? "a learning rate of \(shown) is small for \(optimizer.kind): it learns very slowly"
        : "a learning rate of \(shown) is large for \(optimizer.kind): the loss may jump or grow"
    return BuildCheck(
      verdict: .advice, title: "compile", text: text, line: model.layers.count + 1,
      fix: CheckFix(
        title: "learning_rate=\(SettingText.number(known.standard))", model: changed))
  }

  private static func batch(
    _ workpiece: Workpiece, _ facts: DataFacts, _ blueprint: Blueprint
  ) -> BuildCheck? {
    guard workpiece.batchSize > facts.trainingCount, facts.trainingCount > 0 else { return nil }
    return BuildCheck(
      verdict: .advice, title: "compile",
      text: "a batch of \(NumberFormat.integer(workpiece.batchSize)) is more than the "
        + "\(NumberFormat.integer(facts.trainingCount)) examples there are: one step an epoch",
      line: blueprint.model.layers.count + 1, fix: CheckFix(title: "batch_size=32", batchSize: 32))
  }

  /// More than this many weights for each number that is to be hit ask for something that holds them back.
  private static let mostPerExample = 20

  private static func size(_ blueprint: Blueprint, _ facts: DataFacts) -> BuildCheck? {
    let learned = blueprint.parameterCount
    let examples = facts.trainingCount
    let holdsBack = blueprint.model.layers.contains {
      $0.kind.hasSuffix("Dropout") || $0.arguments["kernel_regularizer"] != .none
    }
    guard examples > 0, learned / (examples * facts.targetsEach) >= mostPerExample, !holdsBack
    else { return nil }
    let largest = blueprint.placed.indices.max {
      blueprint.placed[$0].parameterCount < blueprint.placed[$1].parameterCount
    }
    return BuildCheck(
      verdict: .advice, title: "size",
      text:
        "\(NumberFormat.integer(learned)) weights for \(NumberFormat.integer(examples)) examples: "
        + "it can learn them by heart; dropout or fewer units help",
      line: largest.map { $0 + 1 }, fix: dropout(blueprint))
  }

  /// A Dropout before the last layer that learns, in a row of layers.
  private static func dropout(_ blueprint: Blueprint) -> CheckFix? {
    guard blueprint.model.isChain,
      let last = blueprint.placed.lastIndex(where: { !$0.weights.isEmpty }), last > 0
    else { return nil }
    var changed = blueprint.model
    changed.layers.insert(.known("Dropout", [("rate", .number(0.5))]), at: last)
    return CheckFix(title: "Dropout(0.5) before \(blueprint.names[last])", model: changed)
  }
}
