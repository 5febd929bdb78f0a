import Datasets
import FileFormats
import Foundation
@testable import LabRuntime
import Lessons
import NeuralNets
import RunStore
import Tensors
import TerminalGraphics
import Testing
import Training
import Workbench

@Suite("What is kept for the next start")
struct KeepingTests {
  private let directory = FileManager.default.temporaryDirectory
    .appending(path: "keeping-\(UUID().uuidString)")
  private let library = DatasetLibrary()

  private func state() throws -> AppState {
    AppState(
      size: Size(120, 36), ability: .full, library: library,
      workpiece: Workpiece(
        model: .perceptron(inputShape: [64], hidden: [64, 32], classes: 10),
        dataset: try library.load("digits")))
  }

  private func type(_ text: String, _ state: inout AppState) {
    for character in text { _ = state.handle(.key(.character(character), [])) }
  }

  @Test("while the run that was at hand is on its way, no key makes another; then Space does")
  func keptRunOnItsWay() throws {
    func opens(_ key: Character, _ state: inout AppState) -> Bool {
      state.handle(.key(.character(key), [])).contains {
        if case .lab(.open(_)) = $0 { true } else { false }
      }
    }
    var state = try state()
    state.awaitsKeptRun = true
    for key: Character in ["4", "5", "4", " "] {
      #expect(!opens(key, &state), "\(key)")
    }
    #expect(state.message?.toast.text.contains("is being opened") == true)
    // It is not there, and does not come.
    state.receive(LabSnapshot())
    #expect(opens(" ", &state))
  }

  /// The state as it is at the next start.
  private func restarted(_ state: AppState) throws -> AppState {
    let text = try #require(KeptLab(KeptState(of: state), nil).text)
    let kept = try JSONDecoder().decode(KeptLab.self, from: Data(text.utf8))
    var next = try self.state()
    next.workpiece = state.workpiece
    _ = kept.state.restore(in: &next)
    if let typing = kept.state.typing { _ = next.take(typing) }
    return next
  }

  @Test("the network and how it is trained", arguments: ["spiral", "iris:noise=0.1", "digits"])
  func workpiece(data: String) throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let store = try RunStore(directory: directory)
    let dataset = try library.open(data)
    var workpiece = Workpiece(
      model: .perceptron(
        inputShape: dataset.exampleShape, hidden: [5], activation: "tanh",
        classes: dataset.task.classes?.count ?? 0),
      dataset: dataset, epochs: 7, batchSize: 9, seed: 3, fileName: "mine.py")
    workpiece.preparation.standardizes = true
    workpiece.shuffles = false
    try KeptWorkpiece.keep(workpiece, in: store)
    let found = try KeptWorkpiece.restore(from: store, library, standard: try state().workpiece)
    let restored = try #require(found)
    #expect(restored.trouble == nil)
    #expect(restored.workpiece.model == workpiece.model)
    #expect(restored.workpiece.dataset == workpiece.dataset)
    #expect(restored.workpiece.preparation == workpiece.preparation)
    #expect(restored.workpiece.epochs == 7 && restored.workpiece.batchSize == 9)
    #expect(restored.workpiece.seed == 3 && !restored.workpiece.shuffles)
    #expect(restored.workpiece.fileName == "mine.py" && !restored.workpiece.isSaved)
  }

  @Test("examples that no name finds again, and the network where even they are gone")
  func examples() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let store = try RunStore(directory: directory)
    let iris = try library.load("iris")
    let own = Dataset(
      name: "of a program", origin: "here", license: "none", features: iris.features,
      task: iris.task, training: iris.training)
    let workpiece = Workpiece(
      model: .perceptron(inputShape: [4], hidden: [5], classes: 3), dataset: own)
    try KeptWorkpiece.keep(workpiece, in: store)
    let standard = try state().workpiece
    let first = try #require(
      try KeptWorkpiece.restore(from: store, library, standard: standard))
    #expect(first.trouble == nil)
    #expect(first.workpiece.dataset.name == "of a program")
    #expect(first.workpiece.dataset.training == own.training)
    try FileManager.default.removeItem(at: directory.appending(path: "kept"))
    let second = try #require(
      try KeptWorkpiece.restore(from: store, library, standard: standard))
    #expect(second.trouble?.contains("of a program is gone") == true)
    #expect(second.workpiece.model == workpiece.model)
  }

  @Test("screen, focus, what is chosen, and a line that is being typed")
  func place() throws {
    var state = try state()
    type("4", &state)
    _ = state.handle(.key(.tab, []))
    type("l", &state)
    let focus = state.focusedPanel
    type(":print los", &state)
    let next = try restarted(state)
    #expect(next.screen == .train)
    #expect(next.focusedPanel == focus)
    guard case .palette(let palette)? = next.overlay else {
      Issue.record("no line is open")
      return
    }
    #expect(palette.text == "print los")
  }

  @Test("what is watched, whatever run comes")
  func watches() throws {
    var state = try state()
    state.step.interest.watches = ["loss", "norm(dense/kernel.grad)"]
    var next = try restarted(state)
    #expect(next.step.interest.watches == state.step.interest.watches)
    var lab = LabSnapshot()
    lab.runNumber = 1
    next.receive(lab)
    #expect(next.step.interest.watches == state.step.interest.watches)
  }

  @Test("what was looked for in help does not come back, and takes no key of the next start")
  func helpSearch() throws {
    var state = try state()
    type("4?", &state)
    type("/bat", &state)
    var next = try restarted(state)
    #expect(next.screen == .train && next.overlay == nil)
    type("3", &next)
    #expect(next.screen == .build)
  }

  @Test("a field takes what is typed on as it would have", arguments: ["o", "3o", "6o"])
  func field(keys: String) throws {
    var state = try state()
    type(keys, &state)
    let label = try #require(state.field?.label)
    type("half a na", &state)
    var next = try restarted(state)
    #expect(next.field?.label == label)
    #expect(next.field?.text == state.field?.text)
    type("me", &next)
    let effects = next.handle(.key(.enter, []))
    #expect(!effects.isEmpty, "what was typed is taken")
  }

  @Test("a half drawn digit, in its place")
  func drawing() throws {
    var state = try state()
    type("6d jj l ", &state)
    let next = try restarted(state)
    #expect(next.screen == .data)
    #expect(state.interest.question != nil)
    #expect(next.interest.question == state.interest.question)
  }

  @Test("what is done to data, and what was done by name")
  func data() throws {
    var state = try state()
    _ = state.receive(.dataset(try library.load("moons"), try DataSpecification(parsing: "moons")))
    type(":help", &state)
    _ = state.handle(.key(.enter, []))
    _ = state.handle(.key(.escape, []))
    let next = try restarted(state)
    #expect(next.commandHistory == state.commandHistory && !next.commandHistory.isEmpty)
  }

  @Test(
    "of what another version wrote, each part that is understood is taken",
    arguments: [
      #"{"state":{"version":9,"place":{"screen":"build","focus":{},"isZoomed":false},"new":[1]}}"#,
      #"{"state":{"place":{"screen":"build","focus":{},"isZoomed":false},"train":7,"data":"x"}}"#,
    ])
  func tolerance(text: String) throws {
    let kept = try JSONDecoder().decode(KeptLab.self, from: Data(text.utf8))
    var state = try state()
    _ = kept.state.restore(in: &state)
    #expect(state.screen == .build)
  }

  @Test(
    "what is damaged is told once and set aside",
    arguments: ["", "{", "[]", "null", #"{"state":3}"#])
  func damaged(text: String) throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let store = try RunStore(directory: directory)
    try store.set("lab", to: text)
    let record = Record(store: store)
    #expect(throws: (any Error).self) { try record.keptLab() }
    #expect(try record.keptLab() == nil)
    #expect(try store.setting("lab/damaged") == text)
  }

  @Test("nothing a kept value can hold brings the lab down")
  func strange() throws {
    let text = #"""
      {"state":{"version":1,"place":{"screen":"step","focus":{"step":"nowhere","x":"y"},
      "isZoomed":true},"build":{"line":-9,"field":900},"step":{"result":99,"cell":-1,"example":1e9},
      "train":{"quantity":"?","probe":-5,"isLogarithmic":true,"setting":-1},
      "data":{"name":"none","specifications":{"a":":::","moons":"moons:noise=x"},"opened":["/no"],
      "view":"?","shape":-3,"drawing":{"sheet":{"rows":-1,"columns":3,"ink":[],"row":9,"column":9,
      "isSoft":true,"isDown":true}}},"learn":{"lesson":"none","scroll":-4,"choice":-1},
      "typing":{"into":"field","label":"nothing","text":"x"}}}
      """#
    let kept = try JSONDecoder().decode(KeptLab.self, from: Data(text.utf8))
    var state = try state()
    _ = kept.state.restore(in: &state)
    let typing = try #require(kept.state.typing)
    let isTaken = state.take(typing)
    #expect(!isTaken)
    for name in ScreenName.allCases {
      _ = state.go(to: name)
      #expect(!state.frame().text.isEmpty)
    }
  }
}
