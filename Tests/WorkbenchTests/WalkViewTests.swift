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

  @Test(":worst is what W does, also where the gallery has the keys")
  func byName() throws {
    var pilot = try Self.pilot()
    pilot.press(.escape)
    let worst = try #require(WorstPanel.chosen(pilot.state))
    for panel in [TrainPart.loss, .worst] {
      pilot.state.focus[.train] = panel.rawValue
      pilot.press(":")
      pilot.press("worst")
      pilot.press(.enter)
      #expect(pilot.state.openCloseUp?.interest.kind == .walk)
      #expect(pilot.state.openCloseUp?.interest.example == worst.row)
      pilot.press(.escape)
    }
  }

  /// At the walk's last page.
  private static func lastPage(_ size: Size) throws -> (LabPilot, ForwardOutcome) {
    var pilot = try pilot(size)
    guard case .walk(let walk, _)? = pilot.state.lab.closeUp, let outcome = walk.outcome else {
      throw CancellationError()
    }
    for _ in walk.stages { pilot.press(.down) }
    return (pilot, outcome)
  }

  @Test(
    "what speaks for a class stands as number × weight = term, without terms that are 0",
    arguments: [Size(120, 36), Size(80, 24)])
  func factors(_ size: Size) throws {
    let (pilot, outcome) = try Self.lastPage(size)
    let counted = outcome.counted
    let zeros = outcome.terms.count - counted.count
    #expect(zeros > 0 && counted.allSatisfy { $0.amount != 0 })
    for term in counted {
      guard let number = term.number else { continue }
      let weight = try #require(term.weight)
      #expect(abs(Double(number) * weight - term.amount) <= 1e-5 * abs(term.amount) + 1e-7)
    }
    #expect(pilot.text.contains("\(zeros) more are exactly 0"))
    // The largest one, as it is written: its factors make its product, rounded where it is narrow.
    let line = try #require(pilot.text.split(separator: "\n").first { $0.contains(#/\d × /#) })
    let match = try #require(
      line.firstMatch(of: /(-?[\d.]+) × +(-?[\d.]+)(?: [=≈])? +([+-][\d.]+)/))
    let (a, b, c) = (
      try #require(Double(match.1)), try #require(Double(match.2)), try #require(Double(match.3))
    )
    #expect(
      abs(a * b - c) <= (size.width > 80 ? 0.001 : 0.01) && abs(c - counted[0].amount) < 0.01,
      "\(line)")
  }

  @Test("the arrows come to terms that have no room, as many as there are")
  func scrolls() throws {
    var (pilot, outcome) = try Self.lastPage(Size(80, 24))
    #expect(pilot.text.contains(/the other \d+/))
    // The bias, however small, is not among those that have no room.
    #expect(outcome.terms.contains { $0.number == nil && $0.name.hasSuffix("/bias") })
    #expect(pilot.text.contains("bias"))
    let last = try #require(outcome.counted.last { $0.number != nil })
    let name = try #require(
      (last.origin ?? last.name).split(separator: "[").dropFirst().last.map { "[" + $0 })
    #expect(!pilot.text.contains(name))
    pilot.press(.end)
    #expect(pilot.text.contains(name), "\(name)")
    pilot.press(.right)
    #expect(pilot.text.contains(name), "\(name)")
    for _ in outcome.counted { pilot.press(.left) }
    #expect(!pilot.text.contains(name))
  }

  @Test("beside the layers it says what is said and what is right, not a number alone")
  func said() throws {
    var (pilot, outcome) = try Self.lastPage(Size(120, 36))
    let (said, right) = (outcome.className(outcome.said), try #require(outcome.right))
    #expect(outcome.isRight == false)
    pilot.press(.up)
    let line = try #require(pilot.text.split(separator: "\n").first { $0.contains("it says") })
    #expect(line.contains("it says \(said), is \(outcome.className(right))"), "\(line)")
    #expect(line.contains("wrong"))
  }

  @Test("] goes on in the gallery's order and says so; the gallery is then at that example")
  func galleryOrder() throws {
    var pilot = try Self.pilot()
    pilot.press(.escape)
    pilot.state.focus[.train] = TrainPart.worst.rawValue
    let rows = pilot.state.train.gallery.examples(pilot.state.lab.pictures).map(\.row)
    pilot.press("s")
    #expect(pilot.text.contains("worst first, 1 of \(rows.count)"))
    for place in 1...3 {
      pilot.press("]")
      #expect(pilot.state.openCloseUp?.interest.example == rows[place])
      #expect(pilot.text.contains("worst first, \(place + 1) of \(rows.count)"))
    }
    pilot.press("[")
    pilot.press(.escape)
    #expect(WorstPanel.chosen(pilot.state)?.row == rows[2])
    // Wherever the keys go then, one sees which it is.
    pilot.state.focus[.train] = TrainPart.loss.rawValue
    let area = try #require(pilot.state.panels.first { $0.id == TrainPart.worst.rawValue }?.area)
    let grid = pilot.state.frame()
    let marks = (area.y..<area.bottom).flatMap { y in
      (area.x..<area.right).filter { grid[Point($0, y)]?.scalar == "▐" }
    }
    #expect(!marks.isEmpty)
  }

  @Test("a small probability of the right class is not written as 0")
  func smallProbability() throws {
    let (pilot, outcome) = try Self.lastPage(Size(80, 24))
    let least = try #require(outcome.outputs.filter { $0 > 0 }.min())
    #expect(least < 5e-4)
    #expect(!pilot.text.contains(" 0.000 ") && pilot.text.contains(/\de-\d/))
  }

  @Test(". and , go from layer to layer, as the arrows, which lead the hints; the run stays")
  func steps() throws {
    var pilot = try Self.pilot()
    let position = pilot.state.lab.position
    let hints = try #require(pilot.state.frame().text.last)
    #expect(hints.hasPrefix(" . , layer"), "\(hints)")
    #expect(!hints.contains("one step"))
    pilot.press("..")
    #expect(pilot.state.openCloseUp?.interest.row == 2)
    pilot.press(",")
    #expect(pilot.state.openCloseUp?.interest.row == 1)
    #expect(pilot.state.lab.position == position)
  }

  @Test("I opens the layer at the chosen channel and place, and Esc comes back to the walk")
  func insideAndBack() throws {
    var pilot = try Self.pilot()
    pilot.press(.escape)
    pilot.state.focus[.train] = TrainPart.worst.rawValue
    pilot.press("s..")
    pilot.press(.right)
    guard case .walk(let walk, let stage)? = pilot.state.lab.closeUp else { return }
    let unit = walk.stages[stage].strongest[1]
    pilot.press("I")
    let inside = try #require(pilot.state.openCloseUp?.interest)
    #expect(inside.kind == .kernel && inside.part == unit.number)
    #expect([inside.row, inside.column] == unit.place)
    guard case .kernel(let kernel)? = pilot.state.lab.closeUp else {
      Issue.record("no kernel")
      return
    }
    #expect(kernel.number(kernel.row, kernel.column, map: kernel.map) == unit.strongest)
    // Another example there is another one here.
    pilot.press("]")
    let example = pilot.state.openCloseUp?.interest.example
    pilot.press(.escape)
    let back = try #require(pilot.state.openCloseUp?.interest)
    #expect(back.kind == .walk && back.row == 2 && back.column == 1 && back.example == example)
    pilot.press(.escape)
    #expect(pilot.state.openCloseUp == nil)
    #expect(pilot.state.focusedPanel == TrainPart.worst.rawValue)
  }

  @Test("a kernel slides over a picture that stays where it is, also at its edges")
  func kernelStays() throws {
    let example = try #require(ViewCase.all.first { $0.name == "convolution" })
    var pilot = try example.pilot()
    func place() -> [Int] {
      let lines = pilot.state.frame().text
      let row = lines.firstIndex { $0.contains("reads rows") } ?? -1
      let column = lines.lazy.compactMap { line in
        line.firstRange(of: "its sum").map {
          line.distance(from: line.startIndex, to: $0.lowerBound)
        }
      }.first
      return [row, column ?? -1]
    }
    let start = place()
    #expect(start[0] > 0)
    for key: Key in [.down, .right, .right, .down, .end, .left, .left] {
      pilot.press(key)
      #expect(place() == start, "\(key)")
    }
    for _ in 0..<9 { pilot.press(.down) }
    #expect(place() == start)
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
      PaletteEntry.found("layer by layer", pilot.state).contains {
        $0.name == "layer by layer, worst example"
      })
    #expect(
      CloseUpKeys.opening(pilot.state, hint: false).contains {
        $0.name == "layer by layer, worst example"
      })
    pilot.press("W")
    #expect(pilot.state.openCloseUp?.interest.kind == .walk)
    pilot.press(.escape)
    pilot.state.lab = LabSnapshot()
    pilot.state.lab.network = nil
    let binding = CloseUpKeys.opening(pilot.state, hint: false).first {
      $0.name == "layer by layer, worst example"
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
