import KerasCode
import NeuralNets
import Tensors
import TestSupport
import Testing

@Suite("Edits of graphs")
struct GraphEditTests {
  private static func dense(_ units: Int) -> Component {
    .known("Dense", [("units", .integer(units)), ("activation", .text("relu"))])
  }

  /// Three layers in a row.
  private static let row = ModelDescription(
    inputShape: [4], layers: [dense(8), dense(8), dense(3)],
    compilation: Compilation(
      optimizer: .known("Adam"), loss: .known("SparseCategoricalCrossentropy")))

  private static func edits(_ model: ModelDescription) throws -> GraphEdits {
    try GraphEdits(model, dataShape: [4])
  }

  private static func code(_ model: ModelDescription) throws -> String {
    try Printer.lines(model, "model").map(\.text).joined(separator: "\n")
  }

  @Test("a row stays a Sequential while nothing branches")
  func staysRow() throws {
    let edits = try Self.edits(Self.row)
    let outcomes = [
      try edits.adding(Self.dense(5), after: .call(0)), try edits.adding(Self.dense(5), before: 0),
      try edits.removing(1), try edits.duplicating(2), try edits.movingDown(0),
      try edits.movingUp(2),
    ]
    for outcome in outcomes {
      #expect(outcome.model.isChain)
      #expect(outcome.form == .asBefore)
      #expect(outcome.model.name == "sequential")
    }
    #expect(outcomes[0].layer == 1)
    #expect(outcomes[4].model.layers == [Self.dense(8), Self.dense(8), Self.dense(3)])
    #expect(outcomes[5].model.layers == [Self.dense(8), Self.dense(3), Self.dense(8)])
  }

  @Test("a skip connection makes a model of tensors, and taking it away a Sequential again")
  func skip() throws {
    let outcome = try Self.edits(Self.row).merging([.call(0), .call(1)], by: .known("Add"))
    #expect(outcome.form == .becameFunctional)
    #expect(
      try Self.code(outcome.model) == """
        inputs = keras.Input(shape=(4,))
        dense = layers.Dense(8, activation="relu")(inputs)
        x = layers.Dense(8, activation="relu")(dense)
        x = layers.Add()([x, dense])
        outputs = layers.Dense(3, activation="relu")(x)
        model = keras.Model(inputs, outputs)
        """)
    let call = try #require(outcome.call)
    let back = try Self.edits(outcome.model).removing(call)
    #expect(back.form == .becameSequential)
    #expect(back.model == Self.row)
    // Without the layer beside the short way, nothing is left to be added.
    let other = try Self.edits(outcome.model).removing(1)
    #expect(other.model.layers == [Self.dense(8), Self.dense(3)])
    #expect(other.gone.contains("add"))
  }

  @Test("a branch leaves, joins, and goes with the merge it led to")
  func branch() throws {
    let outcome = try Self.edits(Self.row).branching(
      Self.dense(2), from: .input(0), joining: .call(1), by: .known("Concatenate"))
    let network = try Network(outcome.model)
    #expect(network.layers.first { $0.kind == "Concatenate" }?.outputShape == [10])
    let edits = try Self.edits(outcome.model)
    let merge = try #require(edits.calls.indices.first { edits.merges($0) })
    let removed = try edits.removing(merge)
    #expect(removed.model == Self.row)
    #expect(removed.gone.count == 2)
  }

  @Test("what would run in a circle, lead back or make no sense is refused with a reason")
  func refusals() throws {
    let edits = try Self.edits(Self.row)
    #expect(throws: GraphEdits.Refusal.self) { try edits.rewiring(0, input: 0, to: .call(2)) }
    #expect(throws: GraphEdits.Refusal.self) { try edits.rewiring(0, input: 0, to: .input(0)) }
    #expect(throws: GraphEdits.Refusal.self) { try edits.rewiring(0, input: 4, to: .input(0)) }
    #expect(throws: GraphEdits.Refusal.self) { try edits.movingDown(2) }
    #expect(throws: GraphEdits.Refusal.self) { try edits.movingUp(0) }
    #expect(throws: GraphEdits.Refusal.self) { try edits.removing(9) }
    #expect(throws: GraphEdits.Refusal.self) { try edits.adding(.known("Add"), after: .call(0)) }
    #expect(throws: GraphEdits.Refusal.self) {
      try edits.merging([.call(0), .call(0)], by: .known("Add"))
    }
    #expect(throws: GraphEdits.Refusal.self) { try edits.addingOutput(2) }
    #expect(throws: GraphEdits.Refusal.self) { try edits.removingOutput(2) }
    #expect(throws: GraphEdits.Refusal.self) {
      try edits.branching(Self.dense(2), from: .call(2), joining: .input(0), by: .known("Add"))
    }
  }

  @Test("a further output is judged as the first, and a further input joins")
  func ends() throws {
    let two = try Self.edits(Self.row).addingOutput(1).model
    #expect(two.wiring?.outputs.count == 2)
    #expect(two.compilation?.outputs.count == 2)
    #expect(try Network(two).outputShapes == [[3], [8]])
    #expect(two.compilation?.outputs[1].loss?.kind == "SparseCategoricalCrossentropy")
    let inputs = try Self.edits(two).addingInput(
      [5], joining: .call(0), by: .known("Concatenate")
    ).model
    #expect(inputs.wiring?.inputs.map(\.name) == ["input_layer", "input_layer_1"])
    #expect(try Network(inputs).inputShapes == [[4], [5]])
    let one = try Self.edits(two).removingOutput(1)
    #expect(one.model == Self.row)
  }

  @Test("a layer is shared: one set of weights, called twice")
  func shared() throws {
    let outcome = try Self.edits(Self.row).sharing(1, after: .call(1))
    #expect(outcome.model.layers.count == 3)
    let network = try Network(outcome.model)
    #expect(network.layers.first { $0.callCount == 2 } != nil)
    #expect(network.parameterCount == (try Network(Self.row).parameterCount))
    #expect(try Self.edits(outcome.model).removing(2).model == Self.row)
  }

  /// One edit, chosen by chance; nil when it was refused.
  private static func edited(
    _ model: ModelDescription, _ random: inout Dice
  ) throws -> ModelDescription? {
    let edits = try GraphEdits(model, dataShape: [4])
    let sources = edits.sources
    let call = random.below(max(1, edits.calls.count))
    let source = random.one(of: sources)
    let other = random.one(of: sources)
    let layer: Component = random.one(of: [
      dense(4), dense(7), .known("Flatten"), .known("Dropout", [("rate", .number(0.5))]),
      .known("ReLU"), .known("BatchNormalization"),
    ])
    let merge: Component = random.one(of: [
      .known("Add"), .known("Concatenate"), .known("Multiply"), .known("Average"),
    ])
    do {
      switch random.below(13) {
      case 0: return try edits.adding(layer, after: source).model
      case 1: return try edits.adding(layer, before: call, input: random.below(2)).model
      case 2: return try edits.removing(call).model
      case 3: return try edits.duplicating(call).model
      case 4: return try edits.movingDown(call).model
      case 5: return try edits.movingUp(call).model
      case 6:
        return try edits.branching(layer, from: source, joining: other, by: merge).model
      case 7: return try edits.merging([source, other], by: merge).model
      case 8: return try edits.rewiring(call, input: random.below(2), to: source).model
      case 9: return try edits.addingInput([4], joining: source, by: merge).model
      case 10: return try edits.addingOutput(call).model
      case 11: return try edits.removingOutput(call).model
      default: return try edits.sharing(call, after: source).model
      }
    } catch { return nil }
  }

  private struct Dice {
    private let random: CounterRandom
    private var drawn = 0
    init(_ seed: UInt64) { random = CounterRandom(seed: seed, name: "edits") }
    mutating func below(_ count: Int) -> Int {
      drawn += 1
      return min(Int(random.uniform(at: drawn) * Double(count)), count - 1)
    }
    mutating func one<T>(of all: [T]) -> T { all[below(all.count)] }
  }

  @Test("whatever is edited in whatever order: nothing traps, and what fits reads back the same")
  func random() throws {
    var models = RandomModels(seed: 11)
    var checked = 0
    var done = 0
    for seed in 1...24 {
      var dice = Dice(UInt64(seed))
      var model = seed % 3 == 0 ? models.next() : Self.row
      if seed % 3 == 0 {
        guard let read = try? ModelFile.read(Printer.program(model), file: "m.py") else { continue }
        model = read.description
      }
      for _ in 0..<16 {
        guard let next = try Self.edited(model, &dice) else { continue }
        done += 1
        guard next.layers.count <= 24 else { continue }
        model = next
        guard (try? Network(model)) != nil else { continue }
        let code = try Printer.program(model)
        let read: ModelDescription
        do { read = try ModelFile.read(code, file: "m.py").description } catch {
          Issue.record("\(error)\n\(code)")
          continue
        }
        #expect(read.layerNames == model.layerNames, "\(code)")
        #expect(read.wiring == model.wiring, "\(code)")
        #expect(read.compilation == model.compilation, "\(code)")
        #expect(read == model, "\(code)")
        checked += 1
      }
    }
    #expect(done > 150)
    #expect(checked > 80)
  }
}
