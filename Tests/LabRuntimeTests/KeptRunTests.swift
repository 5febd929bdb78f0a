import Datasets
import Foundation
@testable import LabRuntime
import NeuralNets
import RunStore
import Synchronization
import Tensors
import Testing
import Training
import Workbench

@Suite("Kept runs are travelled")
struct KeptRunTests {
  private let directory = FileManager.default.temporaryDirectory
    .appending(path: "kept-\(UUID().uuidString)")
  private let library = DatasetLibrary()

  private func settings(own: Bool = false, epochs: Int = 4) throws -> RunSettings {
    let model = ModelDescription.perceptron(inputShape: [4], hidden: [8], classes: 3)
    let iris = try library.load("iris")
    var settings = try Workpiece(model: model, dataset: iris, epochs: epochs, batchSize: 16)
      .settings()
    if own {
      settings.data = TrainingData(
        name: "the program's data", training: settings.data.training,
        validation: settings.data.validation)
    }
    return settings
  }

  /// A run of the lab that was recorded, with a state kept whenever it was looked at.
  private func recorded(_ settings: RunSettings, _ store: RunStore) throws -> Lab {
    let recorder = RunRecorder(record: Record(store: store))
    let lab = Lab()
    lab.handle(.open(settings))
    lab.handle(.go(Position(step: 9)))
    recorder.look(at: lab)
    lab.handle(.repeatChange("learning_rate", 0.03))
    recorder.look(at: lab)
    lab.handle(.go(Position(step: 20)))
    recorder.end(lab)
    return lab
  }

  @Test(
    "any moment has the numbers it had, from checkpoints and without training",
    arguments: [
      false, true,
    ])
  func travels(own: Bool) throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let store = try RunStore(directory: directory)
    let lab = try recorded(try settings(own: own), store)
    let kept = try KeptRun(RunNumber(1), store, library)
    let session = try kept.session()
    #expect(kept.difference(in: session) == nil)
    #expect(session.history.steps == lab.session?.history.steps)
    #expect(session.keptMoment(atOrBefore: 20) == 20)
    for step in [20, 3, 14, 9, 10, 0] {
      session.go(to: Position(step: step, instruction: 4))
      lab.handle(.go(Position(step: step, instruction: 4)))
      #expect(session.digest == lab.session?.digest, "at step \(step)")
    }
  }

  @Test(
    "a run with a fault planted in it has the same numbers again, wrong as they were",
    arguments: [1, 3, 4, 8, 9, 14])
  func sabotaged(number: Int) throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let store = try RunStore(directory: directory)
    let recorder = RunRecorder(record: Record(store: store))
    let lab = Lab()
    var settings = try settings()
    settings.model = ModelDescription.perceptron(
      inputShape: [4], hidden: [8, 6], activation: "relu", classes: 3)
    lab.handle(.open(settings))
    lab.handle(.go(Position(step: 5)))
    recorder.look(at: lab)
    let said = lab.ask("sabotage \(number)")
    try #require(said[0].hasPrefix("something is wrong"), "\(said)")
    recorder.look(at: lab)
    lab.handle(.go(Position(step: 14)))
    recorder.end(lab)
    // The fault is in a branch of its own: without it the run goes on as it was.
    let session = try KeptRun(RunNumber(2), store, library).session()
    for step in [14, 9, 5, 3] {
      session.go(to: Position(step: step, instruction: 3))
      lab.handle(.go(Position(step: step, instruction: 3)))
      #expect(session.digest == lab.session?.digest, "at step \(step)")
    }
    var debugger = Debugger(session)
    _ = try debugger.run("goto step 8")
    #expect(debugger.openCase?.outcome == .open && debugger.openCase?.step == 5)
    #expect(try debugger.run("reveal").lines[0] == Misconception.all[number - 1].title)
  }

  @Test("what a kept run has learned is pictured from its last state")
  func learned() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let store = try RunStore(directory: directory)
    let lab = try recorded(try settings(), store)
    let heard = Mutex<[LearnedPicture?]>([])
    let record = Record(store: store)
    record.listen { news in
      for case .learned(_, _, let picture) in news { heard.withLock { $0.append(picture) } }
    }
    record.pictureLearned([1, 7], library)
    record.flush()
    let pictures = heard.withLock { $0 }
    #expect(pictures.count == 1)
    let picture = try #require(pictures[0])
    lab.handle(.look(Interest(pictures: true)))
    #expect(picture.right == lab.snapshot().pictures?.right)
    #expect(picture.confusion == lab.snapshot().pictures?.confusion)
    #expect(picture.differences(from: picture) == 0)
  }

  @Test("a branch is a run that says which one it grew from")
  func grown() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let store = try RunStore(directory: directory)
    let record = Record(store: store)
    let recorder = RunRecorder(record: record)
    let lab = Lab()
    lab.handle(.open(try settings()))
    lab.handle(.go(Position(step: 12)))
    recorder.look(at: lab)
    record.flush()
    lab.handle(.go(Position(step: 6)))
    _ = lab.ask("set learning_rate = 0.3")
    lab.handle(.go(Position(step: 9)))
    recorder.look(at: lab)
    recorder.end(lab)
    let names = try store.runs().compactMap(\.record.name)
    #expect(names.count == 1)
    #expect(names.first?.hasPrefix("r1, branch 2 at 6: learning_rate = 0.3") == true, "\(names)")
  }

  @Test("a branch in which nothing was trained is no run; one that is left standing in it is")
  func emptyBranches() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let store = try RunStore(directory: directory)
    let record = Record(store: store)
    let recorder = RunRecorder(record: record)
    let lab = Lab()
    lab.handle(.open(try settings()))
    lab.handle(.go(Position(step: 12)))
    recorder.look(at: lab)
    for rate: Float in [0.1, 0.2, 0.3] {
      _ = lab.ask("switch 1")
      lab.handle(.go(Position(step: 6)))
      lab.handle(.learningRate(rate))
      recorder.look(at: lab)
      recorder.prepare(for: lab)
    }
    record.flush()
    #expect(lab.snapshot().branches.count == 4)
    #expect(try store.runs().count == 1)
    // The last one is trained, and grows from the run that is kept.
    lab.handle(.go(Position(step: 9)))
    recorder.look(at: lab)
    recorder.prepare(for: lab)
    record.flush()
    let names = try store.runs().compactMap(\.record.name)
    #expect(names.count == 1 && names[0].hasPrefix("r1, branch 4 at 6"), "\(names)")
    // At the next start the branches that are kept close up.
    let moment = KeptMoment(lab.snapshot(), recorder, lesson: nil, isOfWorkpiece: true)
    #expect(moment.branches?.map(\.parent) == [1] && moment.branch == 2)
    lab.handle(.go(Position(step: 8)))
    lab.handle(.learningRate(0.4))
    recorder.end(lab)
    #expect(try store.runs().count == 3)
  }

  @Test("examples that no name finds are kept with the run, once for all runs of them")
  func examples() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let store = try RunStore(directory: directory)
    for _ in 0..<2 { _ = try recorded(try settings(own: true), store) }
    _ = try recorded(try settings(), store)
    let folder = directory.appending(path: "examples").path
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 1)
    try FileManager.default.removeItem(atPath: folder)
    #expect(throws: RunFailure.self) { try KeptRun(RunNumber(1), store, library) }
    #expect(try KeptRun(RunNumber(3), store, library).steps == 20)
  }

  @Test("weights that were given are there again")
  func given() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let store = try RunStore(directory: directory)
    var settings = try settings()
    let other = try Session(settings)
    other.trainStep()
    settings.initialWeights = Dictionary(
      uniqueKeysWithValues: other.weights.map { ($0.name, $0.tensor) })
    let lab = try recorded(settings, store)
    let session = try KeptRun(RunNumber(1), store, library).session()
    for step in [0, 20] {
      session.go(to: Position(step: step))
      lab.handle(.go(Position(step: step)))
      #expect(session.digest == lab.session?.digest)
    }
  }

  @Test("numbers that another machine computed are said to differ")
  func differs() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let store = try RunStore(directory: directory)
    let lab = try recorded(try settings(), store)
    var other = try #require(lab.session?.history).rows(from: 0)[0]
    var numbers = other.numbers
    let last = (other.count - 1) * other.names.count
    numbers[last] = numbers[last].nextUp
    other = History.Rows(first: 0, names: other.names, numbers: numbers)
    let history = History(rows: [other], epochs: [])
    try store.append(
      Measurements(history, from: 0, stepsPerEpoch: 8), history.outcome(.stopped),
      to: RunNumber(1), at: Date())
    var note = try #require(try store.needs(of: RunNumber(1)).flatMap(ReplayNote.init(json:)))
    note.tier = "another"
    try store.setNeeds(of: RunNumber(1), to: try #require(note.json))
    let kept = try KeptRun(RunNumber(1), store, library)
    let words = try #require(kept.difference(in: try kept.session()))
    #expect(words.contains("step 19") && words.contains("another"))
  }

  @Test(
    "a line opens the same instruction with the same numbers",
    arguments: [
      false, true,
    ])
  func shared(own: Bool) throws {
    let lab = Lab()
    lab.handle(.open(try settings(own: own)))
    lab.handle(.go(Position(step: 5)))
    _ = lab.ask("set dense/kernel[1,2] = 0.25")
    lab.handle(.go(Position(step: 7)))
    lab.handle(.learningRate(0.1))
    lab.handle(.go(Position(step: 11, instruction: 6)))
    let session = try #require(lab.session)
    let line = try SharedMoment(session).text()
    #expect(line.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" })
    let moment = try SharedMoment(line: line)
    let opened = try moment.session(library)
    #expect(opened.position == session.position && opened.digest == session.digest)
    #expect(moment.difference(opened) == nil)
    opened.move(1, by: .instruction)
    #expect(moment.difference(opened) != nil)
    for cut in [0, 10, line.count / 2, line.count - 1] {
      #expect(throws: RunFailure.self) { try SharedMoment(line: String(line.prefix(cut))) }
    }
  }

  @Test("runs are filtered, sorted and told apart")
  func overview() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let store = try RunStore(directory: directory)
    for epochs in [4, 3] { _ = try recorded(try settings(epochs: epochs), store) }
    var query = RunQuery()
    let all = try store.runs(limit: 100)
    #expect(try query.apply(all).map(\.number.value) == [2, 1])
    query.key = .run
    query.isReversed = true
    let runs = try query.apply(all)
    #expect(runs.map(\.number.value) == [1, 2])
    #expect(RunDifferences.differing(runs).map(\.name) == ["epochs"])
    let losses = try runs.map { try store.metrics(of: $0.number, series: "loss") }
    #expect(losses.map(\.count) == [20, 20])
    #expect(RunDifferences.firstDifference(losses[0], losses[1]) == nil)
    query.condition = try RunExpression("epochs > 3 and val_accuracy > 2 or epochs < 4")
    #expect(try query.apply(all).map(\.number.value) == [2])
    query.condition = try RunExpression("epoch < 4")
    #expect(throws: ExpressionFailure.self) { try query.apply(all) }
  }
}
