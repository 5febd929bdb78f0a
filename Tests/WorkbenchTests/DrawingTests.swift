import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Testing
import Training

@testable import Workbench

@Suite("Drawing an example and asking the run")
struct DrawingTests {
  @Test("Each stroke changes the bars to what the network predicts")
  func painting() throws {
    var pilot = try LabPilot("digits", hidden: [12], screen: .data)
    pilot.press("d")
    let blank = try #require(pilot.state.lab.answer)
    #expect(blank.question.input == [Float](repeating: 0, count: 64))
    pilot.press(" ")
    let painted = try #require(pilot.state.lab.answer)
    #expect(painted.question.input[4 * 8 + 4] == 16)
    #expect(painted.output != blank.output)
    let predicted = try #require(
      pilot.lab.session?.predict(Tensor(shape: [1, 64], scalars: painted.question.input)))
    for (found, right) in zip(painted.output, predicted.scalars) {
      #expect(abs(found - right) < 1e-5)
    }
    for number in predicted.scalars {
      #expect(pilot.text.contains(NumberFormat.fixed(number, decimals: 4)))
    }
    pilot.press("x")
    pilot.press("c")
    #expect(pilot.state.lab.answer?.output == blank.output)
    pilot.press("uu")
    #expect(pilot.state.lab.answer?.question == painted.question)
  }

  @Test("The pen draws as it moves, the picture shifts, an example of the data is taken")
  func pen() throws {
    var pilot = try LabPilot("digits", hidden: [12], screen: .data)
    pilot.press("db")
    pilot.press("p")
    pilot.press(.right)
    pilot.press(.right)
    #expect(ink(pilot) == [36, 37, 38])
    pilot.press("H")
    #expect(ink(pilot) == [35, 36, 37])
    pilot.press(.down, .shift)
    #expect(ink(pilot) == [43, 44, 45])
    pilot.press("g")
    #expect(
      pilot.state.lab.answer?.question.input == Array(pilot.state.workpiece.dataset.example(0)))
    #expect(pilot.state.lab.answer?.nearest != nil)
  }

  @Test(
    "The worst example names itself while it is drawn as it is; s walks it through the layers")
  func worst() throws {
    var pilot = try LabPilot("digits", hidden: [12])
    pilot.state.focus[.train] = "worst"
    let worst = try #require(WorstPanel.chosen(pilot.state))
    #expect(!worst.isRight)
    pilot.press(.enter)
    let title = "Example \(worst.row) · is \(worst.isClass), said \(worst.saidClass)"
    #expect(pilot.text.contains(title))
    pilot.press(.down)
    #expect(pilot.text.contains(title), "only the cursor moved")
    pilot.press("s")
    #expect(pilot.state.screen == .train)
    #expect(pilot.state.openCloseUp?.interest.kind == .walk)
    #expect(pilot.text.contains("unseen example \(worst.row), is \(worst.isClass)"))
    pilot.press("6d")
    pilot.press("s")
    #expect(pilot.state.message?.toast.text.contains("is in no batch") == true)
  }

  @Test("s on a training example opens Step in the last step that learned from it")
  func trainingExample() throws {
    var pilot = try LabPilot("digits", hidden: [12])
    pilot.state.workpiece.preparation.unseenShare = 0
    pilot.press("r")
    pilot.press(" ")
    pilot.train(60)
    pilot.press(" ")
    pilot.state.focus[.train] = "worst"
    let worst = try #require(WorstPanel.chosen(pilot.state))
    pilot.press("s")
    let moment = try #require(pilot.state.lab.moment)
    #expect(pilot.state.screen == .step)
    #expect(moment.lens?.row == worst.row)
    #expect(moment.done == 1)
  }

  @Test(
    "The mouse paints while it is dragged, its right button erases; a stroke is undone as one",
    arguments: [Size(120, 36), Size(80, 24), Size(60, 16)])
  func mouse(size: Size) throws {
    var pilot = try LabPilot("digits", hidden: [12], size: size, screen: .data)
    pilot.press("db")
    let area = try #require(pilot.state.panels.first { $0.id == "canvas" }?.area)
    func send(_ action: Mouse.Action, _ button: Mouse.Button, _ x: Int, _ y: Int) {
      pilot.run(
        pilot.state.handle(.mouse(Mouse(action, button, at: Point(area.x + x, area.y + y)))))
    }
    let before = try #require(pilot.state.lab.answer)
    send(.press, .left, 2, 1)
    for y in 1...4 { send(.drag, .left, 2, y) }
    send(.release, .left, 2, 4)
    let drawn = ink(pilot)
    #expect(drawn.first == 0 && drawn.count > 1 && drawn.allSatisfy { $0 % 8 == 0 })
    #expect(pilot.state.lab.answer?.output != before.output)
    send(.press, .right, 2, 1)
    #expect(ink(pilot) == Array(drawn.dropFirst()))
    pilot.press("uu")
    #expect(ink(pilot) == [])
    // Outside the panel nothing is drawn.
    pilot.run(pilot.state.handle(.mouse(Mouse(.drag, .left, at: Point(0, 0)))))
    #expect(ink(pilot) == [])
  }

  @Test("From Train one draws and comes back; the run goes on being asked while it trains")
  func fromTrain() throws {
    var pilot = try LabPilot("digits", hidden: [12])
    pilot.press("D")
    #expect(pilot.state.screen == .data && pilot.state.focusedPanel == "canvas")
    pilot.press(" ")
    let before = try #require(pilot.state.lab.answer)
    pilot.press("t")
    pilot.train(20)
    #expect(pilot.state.lab.answer?.output != before.output)
    #expect(pilot.text.contains("after step 20"))
    pilot.press(.escape)
    #expect(pilot.state.screen == .train)
    #expect(pilot.state.lab.answer == nil)
  }

  @Test("A run that takes something else says why, and t makes one that fits")
  func mismatch() throws {
    var pilot = try LabPilot("digits", hidden: [12])
    pilot.press("6")
    pilot.run(pilot.state.receive(dataset: try DatasetLibrary().load("moons")))
    pilot.press("d")
    #expect(pilot.text.contains("the network takes 64 numbers"))
    pilot.press(.escape)
    pilot.press(.enter)
    pilot.press("d")
    #expect(pilot.text.contains("makes a new run on “moons”"))
    pilot.press("t")
    #expect(pilot.state.lab.answer?.output.count == 2)
  }

  @Test("Points are added and removed, kept under a name, and learned from")
  func points() throws {
    var pilot = try LabPilot("moons", screen: .data)
    pilot.press("d")
    #expect(pilot.text.contains("400 points"))
    pilot.press("c")
    #expect(pilot.text.contains("0 points"))
    pilot.press(" llllll a   ")
    #expect(pilot.text.contains("5 points"))
    pilot.press("x")
    #expect(pilot.text.contains("4 points"))
    pilot.press(.enter)
    for _ in 0..<5 { pilot.press(.backspace) }
    pilot.press("mine")
    pilot.press(.enter)
    let made = pilot.state.workpiece.dataset
    #expect(made.name == "mine" && made.count == 4)
    guard case .keepData(let kept, name: "mine") = pilot.others.last else {
      Issue.record("nothing was kept")
      return
    }
    #expect(kept == made)
    pilot.press("t")
    #expect(pilot.state.lab.settings?.data.name == "mine")
    #expect(pilot.state.lab.answer?.output.count == 2)
    pilot.press("u")
    #expect(pilot.state.workpiece.dataset.name == "moons")
  }

  @Test("Names that are taken or none, and fewer than two points, are refused")
  func refusedNames() throws {
    var pilot = try LabPilot("moons", screen: .data)
    pilot.press("d")
    for name in ["iris", "a b", ""] {
      pilot.press(.enter)
      for _ in 0..<5 { pilot.press(.backspace) }
      pilot.press(name)
      pilot.press(.enter)
      #expect(pilot.state.message?.toast.text.contains("right would be") == true)
    }
    pilot.press("c")
    pilot.press(.enter)
    pilot.press(.enter)
    #expect(pilot.state.message?.toast.text.contains("0 points") == true)
    #expect(pilot.state.workpiece.dataset.name == "moons")
  }

  @Test("The mouse puts points where it is, its right button takes the nearest away")
  func pointMouse() throws {
    var pilot = try LabPilot("moons", screen: .data)
    pilot.press("dc")
    let area = try #require(pilot.state.panels.first { $0.id == "canvas" }?.area)
    func send(_ button: Mouse.Button, _ x: Int, _ y: Int) {
      pilot.run(
        pilot.state.handle(.mouse(Mouse(.press, button, at: Point(area.x + x, area.y + y)))))
    }
    send(.left, 10, 5)
    pilot.press("a")
    send(.left, 30, 9)
    #expect(pilot.text.contains("2 points"))
    send(.right, 31, 9)
    #expect(pilot.text.contains("1 point "))
    send(.right, 31, 9)
    #expect(pilot.text.contains("1 point "))
  }

  @Test("The cursor asks a network with further inputs as its data was made")
  func furtherInputs() throws {
    var pilot = try LabPilot("spiral", screen: .data)
    pilot.state.workpiece.dataset = try DatasetLibrary().open("spiral:features=x1^2+x1x2")
    pilot.state.workpiece.model.inputShape = [4]
    pilot.press("4D")
    let input = try #require(pilot.state.lab.answer?.question.input)
    #expect(input.count == 4)
    #expect(input[2] == input[0] * input[0] && input[3] == input[0] * input[1])
    pilot.press(.right)
    #expect(pilot.state.lab.answer?.question.input[0] ?? 0 > input[0])
  }

  @Test("A new run with other inputs is asked at once")
  func newRun() throws {
    var lab = try TestLab()
    lab.state.workpiece.dataset = try DatasetLibrary().open("spiral:features=x1^2")
    lab.state.workpiece.model = .perceptron(inputShape: [3], hidden: [4], classes: 2)
    lab.type("4D")
    #expect(lab.state.lab.answer?.question.input.count == 3)
    lab.press(.enter, .enter)
    lab.type("t")
    #expect(lab.state.lab.settings?.data.name == "drawn")
    #expect(lab.state.lab.answer?.question.input.count == 2)
  }

  @Test("What cannot be drawn says so", arguments: ["iris", "diabetes", "sine"])
  func undrawable(name: String) throws {
    var pilot = try LabPilot(name, screen: .data)
    pilot.press("d")
    #expect(pilot.state.message?.toast.text.contains("cannot be drawn") == true)
    #expect(pilot.state.focusedPanel != "canvas")
  }

  @Test("Data whose targets are numbers lets the cursor ask, and adds no points")
  func numbers() throws {
    var pilot = try LabPilot("plane", screen: .data)
    pilot.press("d")
    #expect(pilot.state.lab.answer?.output.count == 1)
    pilot.press(" ")
    #expect(pilot.state.message?.toast.text.contains("targets are numbers") == true)
  }

  @Test("At every size the drawing lies in its panels; each key has one meaning and help")
  func sizes() throws {
    for name in ["digits", "moons", "plane"] {
      var pilot = try LabPilot(name, screen: .data)
      pilot.press("d")
      let keys = pilot.state.bindings.flatMap(\.keys)
      #expect(Set(keys).count == keys.count)
      #expect(pilot.state.bindings.allSatisfy { !$0.help.isEmpty })
      for (width, height) in DataViewTests.sizes {
        pilot.state.size = Size(width, height)
        let areas = pilot.state.panels.map(\.area)
        #expect(areas.allSatisfy { $0.isEmpty || $0.intersection(pilot.state.body) == $0 })
        for _ in 0..<5 {
          let text = pilot.text
          #expect(text.contains("Draw") || text.contains("Ask"))
          pilot.press(.tab)
        }
      }
    }
  }

  /// The places of the pixels that have full ink.
  private func ink(_ pilot: LabPilot) -> [Int] {
    guard let input = pilot.state.lab.answer?.question.input else { return [] }
    return input.indices.filter { input[$0] == 16 }
  }

  @Test("keys of the sheet are the sheet's: in another panel they leave it as it is")
  func focus() throws {
    var pilot = try LabPilot("digits", hidden: [12], screen: .data)
    pilot.press("db ")
    for panel in pilot.state.panels.map(\.id) where panel != "canvas" {
      pilot.state.focus[.data] = panel
      let before = pilot.state.data.drawing
      pilot.press(.right)
      pilot.press(.down, .shift)
      pilot.press("xpc L")
      #expect(pilot.state.data.drawing == before, "\(panel)")
      pilot.press("g")
      #expect(pilot.state.data.drawing != before, "examples are gone through from \(panel)")
      pilot.press("u")
    }
  }

  @Test("an empty sheet is said to be one, and no answer is read from it")
  func emptySheet() throws {
    var pilot = try LabPilot("digits", hidden: [12], screen: .data)
    pilot.press("d")
    #expect(pilot.text.contains("Nothing is drawn yet"))
    #expect(!pilot.text.contains("with p ="))
    pilot.press(" ")
    #expect(!pilot.text.contains("Nothing is drawn yet"))
    #expect(pilot.text.contains("p = "))
  }
}
