import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Testing
import Training

@testable import Workbench

@Suite("Layer by layer")
struct WalkViewTests {
  private static func pilot(_ size: Size = Size(120, 36)) throws -> LabPilot {
    let example = try #require(ViewCase.all.first { $0.name == "layer by layer" })
    return try example.pilot(size: size)
  }

  @Test(
    "from the gallery s walks the chosen example down to what speaks for the wrong class; Esc goes back",
    arguments: [Size(120, 36), Size(80, 24)])
  func gallery(_ size: Size) throws {
    var pilot = try Self.pilot(size)
    pilot.press(.escape)
    pilot.state.focus[.train] = TrainPart.worst.rawValue
    pilot.press(.right)
    let worst = try #require(WorstPanel.chosen(pilot.state))
    pilot.press("s")
    guard case .walk(let walk, _)? = pilot.state.lab.closeUp else {
      Issue.record("no walk")
      return
    }
    #expect(walk.row == worst.row && walk.rows == .unseen)
    let outcome = try #require(walk.outcome)
    #expect(outcome.said == worst.saidClass && outcome.right == worst.isClass)
    #expect(outcome.outputs[outcome.said] == worst.probability)
    var seen: [String] = []
    for stage in walk.stages {
      seen.append(stage.name)
      #expect(pilot.text.contains(stage.does.prefix(20)), "\(stage.name)")
      #expect(pilot.text.contains("\(stage.unitWord) \(stage.strongest[0].number)"))
      pilot.press(.down)
    }
    #expect(seen.contains("conv") && seen.contains("dropout"))
    let words = pilot.text.replacing(/\s+/, with: " ")
    #expect(words.contains("+ speaks") && words.contains("said") && words.contains(" right"))
    // There is nothing behind it.
    let last = pilot.state.frame()
    pilot.press(.down)
    #expect(pilot.state.frame() == last)
    pilot.press(.escape)
    #expect(pilot.state.focusedPanel == TrainPart.worst.rawValue)
    #expect(WorstPanel.chosen(pilot.state)?.row == worst.row)
  }

  @Test("W from any panel walks the worst example; I in the gallery looks at the chosen one")
  func fromElsewhere() throws {
    var pilot = try Self.pilot()
    pilot.press(.escape)
    let worst = try #require(WorstPanel.chosen(pilot.state))
    pilot.state.focus[.train] = TrainPart.loss.rawValue
    pilot.press("W")
    #expect(pilot.state.openCloseUp?.interest.example == worst.row)
    pilot.press(.escape)
    pilot.state.focus[.train] = TrainPart.worst.rawValue
    pilot.press(.right)
    let chosen = try #require(WorstPanel.chosen(pilot.state))
    #expect(chosen.row != worst.row)
    pilot.press("I")
    #expect(pilot.state.openCloseUp?.interest.kind == .kernel)
    #expect(pilot.state.openCloseUp?.interest.example == chosen.row)
  }

  @Test(
    "tokens stand as text, and the arrow names them one after the other; rows have their tokens")
  func tokens() throws {
    let example = try #require(
      ViewCase.all.first { $0.name == "layer by layer through a sequence" })
    var pilot = try example.pilot()
    guard case .walk(let walk, _)? = pilot.state.lab.closeUp else { return }
    let words = try #require(pilot.state.workpiece.dataset.vocabulary)
    let tokens = walk.stages[0].output.scalars.map { Int($0) }
    func name(_ place: Int) -> String { TokenNames.visible(words[tokens[place]]) }
    #expect(pilot.text.contains("place 0: \(name(0))  number \(tokens[0]) of the vocabulary"))
    pilot.press(.right)
    #expect(pilot.text.contains("place 1: \(name(1))  number \(tokens[1]) of the vocabulary"))
    let outcome = try #require(walk.outcome)
    #expect(outcome.places == tokens.count)
    for _ in walk.stages { pilot.press(.down) }
    #expect(pilot.text.contains("this is place \(outcome.place[0]), the worst"))
  }

  @Test("each layer begins with its strongest unit, and the arrow goes to the next strongest")
  func units() throws {
    var pilot = try Self.pilot()
    pilot.press(.down)
    pilot.press(.down)
    guard case .walk(let walk, let stage)? = pilot.state.lab.closeUp else { return }
    let units = walk.stages[stage].strongest
    #expect(pilot.text.contains("channel \(units[0].number):"))
    pilot.press(.right)
    #expect(pilot.text.contains("channel \(units[1].number):"))
    #expect(pilot.text.contains("2 of 6, strongest first"))
    pilot.press(.down)
    #expect(pilot.text.contains("1 of 6, strongest first"))
  }

  @Test("I looks inside the chosen layer, for the same example; of one without a view it says so")
  func inside() throws {
    var pilot = try Self.pilot()
    pilot.press("]]")
    let example = pilot.state.openCloseUp?.interest.example
    pilot.press("I")
    #expect(pilot.state.message?.toast.text.contains("no view of its own") == true)
    pilot.press(.down)
    pilot.press(.down)
    pilot.press("I")
    #expect(pilot.state.openCloseUp?.interest.kind == .kernel)
    #expect(pilot.state.openCloseUp?.interest.layer == "conv")
    #expect(pilot.state.openCloseUp?.interest.example == example)
  }

  @Test("the weights move while it trains: the walk is of the moment at hand")
  func training() throws {
    var pilot = try Self.pilot()
    let before = pilot.state.lab.closeUp
    pilot.press(" ")
    pilot.train(5)
    #expect(pilot.state.lab.closeUp != before)
  }

  @Test("the palette finds it from anywhere on Train, and before a run it says why not")
  func palette() throws {
    var pilot = try LabPilot("digits")
    #expect(
      PaletteEntry.found("layer by layer", pilot.state).contains { $0.name == "layer by layer" })
    #expect(CloseUpKeys.opening(pilot.state, hint: false).contains { $0.name == "layer by layer" })
    pilot.press("W")
    #expect(pilot.state.openCloseUp?.interest.kind == .walk)
    pilot.press(.escape)
    pilot.state.lab = LabSnapshot()
    pilot.state.lab.network = nil
    let binding = CloseUpKeys.opening(pilot.state, hint: false).first {
      $0.name == "layer by layer"
    }
    #expect(binding?.whyNot(pilot.state)?.contains("no run yet") == true)
  }

  @Test("with nothing held back W walks the training example")
  func learned() throws {
    var pilot = try LabPilot("digits", hidden: [12])
    pilot.state.workpiece.preparation.unseenShare = 0
    pilot.press("r")
    pilot.press(".")
    pilot.state.focus[.train] = TrainPart.worst.rawValue
    let worst = try #require(WorstPanel.chosen(pilot.state))
    pilot.press("W")
    guard case .walk(let walk, _)? = pilot.state.lab.closeUp else {
      Issue.record("no walk")
      return
    }
    #expect(walk.row == worst.row && walk.rows == .training)
    #expect(pilot.text.contains("example \(worst.row), is \(worst.isClass)"))
  }
}
