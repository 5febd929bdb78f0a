import Autodiff
import Datasets
import KerasCode
import NeuralNets
import Tensors
import TerminalGraphics
import Testing

@testable import Training
@testable import Workbench

@Suite("One example through all layers")
struct ForwardWalkTests {
  @Test(
    "through every architecture its numbers are those that predict gives, and the terms add up",
    arguments: Architecture.all)
  func architectures(_ architecture: Architecture) throws {
    let session = try Session(architecture.settings())
    session.trainStep()
    session.move(3, by: .instruction)
    for row in [0, 5] { try Self.check(session, row: row) }
  }

  @Test(
    "through the network of every template that the lab opens too",
    arguments: Template.catalog.map(\.program.name))
  func templates(_ name: String) throws {
    let template = try #require(Template.catalog.first { $0.program.name == name })
    var state = try BuildRig.state("spiral")
    guard case .opens(let opened, let dataset) = try template.own(DatasetLibrary()) else { return }
    _ = state.receive(.model(opened))
    state.workpiece.dataset = dataset
    let session = try Session(try state.workpiece.settings())
    session.trainStep()
    try Self.check(session, row: 3)
  }

  private static func check(_ session: Session, row: Int) throws {
    let data = session.settings.data
    let examples = data.validation ?? data.training
    let before = (session.digest, session.position)
    let walk = ForwardWalk(session, data.validation == nil ? .training : .unseen, row: row)
    #expect(session.digest == before.0 && session.position == before.1)

    // The same bytes as where the run is judged, and, unless the network draws numbers, as predicted
    // alone and among others.
    var judged: [[UInt32]] = []
    session.forEachBatch(of: examples.rows([row])) { run, _ in
      judged = run.plan.outputs.map { run.numbers(of: $0).map(\.bitPattern) }
    }
    let draws = session.runInference(on: examples, rows: [row]).plan.instructions.contains {
      $0.results.contains { if case .random = $0.rule { true } else { false } }
    }
    let alone = session.predict(examples.rows([row]).allInputs)
    let among = session.predict(examples.rows([1, row, 2]).allInputs)
    for (i, bits) in judged.enumerated() {
      #expect(walk.stages.contains { $0.output.scalars.map(\.bitPattern) == bits }, "output \(i)")
      guard !draws else { continue }
      #expect(alone[i].scalars.map(\.bitPattern) == bits, "output \(i)")
      #expect(among[i].rows([1]).scalars.map(\.bitPattern) == bits, "output \(i)")
    }
    var known: Set<String> = []
    for stage in walk.stages {
      #expect(
        !stage.does.isEmpty && stage.does != "an operation on arrays", "\(stage.name) \(stage.kind)"
      )
      #expect(stage.output.count == stage.shape.count && stage.output.count > 0, "\(stage.name)")
      #expect(known.isSuperset(of: stage.sources), "\(stage.name) of \(stage.sources)")
      #expect(stage.kind.isEmpty || !stage.sources.isEmpty || stage.inputShapes.isEmpty)
      known.insert(stage.name)
      let first = try #require(stage.strongest.first)
      #expect(stage.output.scalars.allSatisfy { abs($0) <= abs(first.strongest) })
      #expect(stage.numbers(ofUnit: first.number).contains(first.strongest))
    }
    let outcome = try #require(walk.outcome)
    #expect(!outcome.terms.isEmpty)
    #expect(
      abs(outcome.total - outcome.difference) <= 2e-6 * max(outcome.size, 1e-30),
      "\(outcome.total) is not \(outcome.difference)")
    guard let rival = outcome.rival else { return }
    #expect(rival != outcome.said)
    if let right = outcome.right, right != outcome.said { #expect(rival == right) }
  }
}
