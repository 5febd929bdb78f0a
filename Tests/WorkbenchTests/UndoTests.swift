import Datasets
import Lessons
import NeuralNets
import Tensors
import TerminalGraphics
import Testing
import Training
import Workbench

@Suite("One undo for everything")
struct UndoTests {
  @Test("A field's edit is named by the field, and undone from any screen, which says where it was")
  func fromAnywhere() throws {
    var lab = try TestLab()
    lab.type("3")
    lab.state.focus[.build] = "inspector"
    lab.press(.right)
    let name = try #require(lab.state.edits.past.last?.name.text)
    #expect(name == "dense: units 64 → 80" || name.hasPrefix("dense: units 64 → "))
    lab.type("6u")
    #expect(lab.state.workpiece.model.layers[0].arguments["units"] == .integer(64))
    #expect(
      lab.state.message?.toast.text == "undone: dense: units 64 again · on Build · U does it again")
    #expect(lab.state.screen == .data)
    lab.type("U")
    #expect(lab.state.message?.toast.text == "done again: \(name) · on Build")
    #expect(lab.state.workpiece.model.layers[0].arguments["units"] != .integer(64))
  }

  @Test("A network that comes back is named by the layers it has again")
  func network() throws {
    var state = try BuildRig.state(
      model: .perceptron(inputShape: [64], hidden: [Int](repeating: 128, count: 11), classes: 10))
    BuildRig.begin(&state)
    #expect(state.workpiece.model.layers.count == 1)
    _ = BuildRig.type("u", &state)
    #expect(state.workpiece.model.layers.count == 12)
    #expect(state.message?.toast.text == "undone: 12 layers again · U does it again")
  }

  @Test("Steps of one field within a second are one edit, later ones another")
  func coalescing() throws {
    var lab = try TestLab()
    lab.type("3")
    lab.state.focus[.build] = "inspector"
    for _ in 0..<5 { lab.press(.right) }
    #expect(lab.state.edits.past.count == 1)
    lab.wait(seconds: 2)
    lab.press(.right)
    #expect(lab.state.edits.past.count == 2)
    lab.press(.left)
    #expect(lab.state.edits.past.count == 1, "back where it was is no edit")
    lab.type("u")
    #expect(lab.state.workpiece.model.layers[0].arguments["units"] == .integer(64))
  }

  @Test("Settings of Train, the data's shape and the learning rate are undone, the position stays")
  func settings() throws {
    var pilot = try LabPilot("spiral", screen: .train)
    pilot.press(" ")
    pilot.train(3)
    pilot.press(" ")
    let position = pilot.state.lab.position
    pilot.press(">")
    #expect(pilot.state.edits.past.last?.name.what == "learning rate")
    let doubled = pilot.lab.snapshot().learningRate
    pilot.press("6n")
    #expect(pilot.state.edits.past.last?.name.text == "standardize no → yes")
    pilot.press("4")
    pilot.press("u")
    #expect(!pilot.state.workpiece.preparation.standardizes)
    #expect(pilot.state.message?.toast.text.contains(" · on Data · U ") == true)
    pilot.press("u")
    pilot.answer()
    #expect(pilot.lab.snapshot().learningRate == doubled / 2)
    #expect(pilot.state.lab.position == position)
    pilot.press("U")
    pilot.answer()
    #expect(
      pilot.lab.snapshot().learningRate == doubled, "\(pilot.state.message?.toast.text ?? "")")
  }

  @Test("A learning rate of another run is not brought back")
  func otherRun() throws {
    var pilot = try LabPilot("spiral", screen: .train)
    pilot.press(">")
    pilot.press("r")
    let rate = pilot.lab.snapshot().learningRate
    pilot.press("u")
    #expect(pilot.lab.snapshot().learningRate == rate)
    #expect(pilot.state.message?.toast.text.contains("another run") == true)
  }

  @Test("Opening a file is an edit that brings the network, its file and its code back")
  func opening() throws {
    var lab = try TestLab()
    let before = lab.state.workpiece
    let model = ModelDescription.perceptron(inputShape: [64], hidden: [3], classes: 10)
    lab.tell(
      .model(
        OpenedModel(
          model: model, data: nil, epochs: 7, batchSize: nil, path: "small.py", source: "# x")))
    #expect(lab.state.workpiece.model == model)
    lab.type("u")
    #expect(lab.state.workpiece.model == before.model)
    #expect(lab.state.workpiece.fileName == before.fileName)
    #expect(lab.state.workpiece.source == nil && lab.state.workpiece.epochs == before.epochs)
    #expect(lab.state.message?.toast.text.contains("opening small.py") == true)
    lab.type("U")
    #expect(lab.state.workpiece.source == "# x" && lab.state.workpiece.isSaved)
  }

  @Test(
    "A layer that is deleted, added, moved is named so",
    arguments: [
      ("x", "dense deleted"), ("d", "dense_1 added"), ("J", "dense moved"), ("T\n", "network"),
    ])
  func names(keys: String, name: String) throws {
    var lab = try TestLab()
    lab.type("3")
    for key in keys { lab.press(key == "\n" ? .enter : .character(key)) }
    #expect(lab.state.edits.past.last?.name.text.hasPrefix(name) == true)
    let model = lab.state.workpiece.model
    lab.type("u")
    #expect(lab.state.workpiece.model != model)
  }

  @Test("Nothing to undo is refused with a reason, on every screen", arguments: ScreenName.allCases)
  func refusal(screen: ScreenName) throws {
    var lab = try TestLab()
    lab.press(.character(screen.digit))
    lab.type("u")
    #expect(lab.state.message?.toast.text.contains("nothing to undo") == true)
    lab.type("U")
    #expect(lab.state.message?.toast.text.contains("nothing to do again") == true)
  }

  @Test("No more than 200 edits are kept")
  func bounded() throws {
    var lab = try TestLab()
    lab.type("3")
    for _ in 0..<130 { lab.type("dx") }
    #expect(lab.state.edits.past.count == EditHistory.depth)
  }

  @Test("Data that came with edits is kept as long as it leaves room; the last one can be undone")
  func boundedData() throws {
    var lab = try TestLab()
    let first = lab.state.workpiece
    let count = EditHistory.room / 8
    for number in 0..<12 {
      var next = lab.state.workpiece
      let part = Dataset.Part(
        inputs: Tensor(shape: [count, 2], repeating: Float(number)),
        targets: Tensor(shape: [count], repeating: 0))
      next.dataset = Dataset(
        name: "large \(number)", origin: "", license: "", features: ["a", "b"],
        task: first.dataset.task, training: part)
      lab.tell(.workpiece(next))
    }
    #expect(lab.state.edits.past.count < 4)
    lab.type("u")
    #expect(lab.state.workpiece.dataset.name == "large 10")
  }

  @Test("A network that is opened again has the data in memory once")
  func sharedData() throws {
    var lab = try TestLab()
    func read(_ name: String) -> Workpiece {
      var read = lab.state.workpiece
      let part = Dataset.Part(
        inputs: Tensor(shape: [100, 2], repeating: 1), targets: Tensor(shape: [100], repeating: 0))
      read.dataset = Dataset(
        name: name, origin: "", license: "", features: ["a", "b"], task: read.dataset.task,
        training: part)
      return read
    }
    lab.tell(.workpiece(read("first")))
    let first = lab.state.workpiece.dataset.training.inputs
    lab.tell(.workpiece(read("second")))
    #expect(!lab.state.workpiece.dataset.training.inputs.sharesMemory(with: first))
    lab.tell(.workpiece(read("first")))
    #expect(lab.state.workpiece.dataset.training.inputs.sharesMemory(with: first))
    lab.type("u")
    #expect(lab.state.workpiece.dataset.name == "second")
  }

  @Test("Looking around is no edit")
  func looking() throws {
    var lab = try TestLab()
    for keys in ["1", "6", "5", "4", "2", "3"] {
      lab.type(keys)
      lab.press(.tab, .down, .up, .tab, .down)
    }
    #expect(lab.state.edits.past.isEmpty)
  }

  @Test("What is saved counts as saved again after undo and redo, and only that")
  func saved() throws {
    var lab = try TestLab()
    lab.type("3x")
    lab.tell(.saved(path: "a.py"))
    lab.type("u")
    #expect(!lab.state.workpiece.isSaved)
    lab.type("U")
    #expect(lab.state.workpiece.isSaved)
  }

  @Test(
    "A run that is begun again, or goes on with other settings, takes no second copy of its data")
  func oneCopyOfData() throws {
    var piece = try TestLab().state.workpiece
    let first = try piece.settings().data
    piece.seed = 9
    piece.epochs += 1
    let second = try piece.settings().data
    #expect(first.training.inputs.sharesMemory(with: second.training.inputs))
    piece.preparation.unseenShare = 0.4
    let third = try piece.settings().data
    #expect(third.training.count < first.training.count)
    #expect(try piece.settings().data == third)
  }
}
