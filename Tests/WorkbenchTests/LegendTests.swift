import Autodiff
import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Testing
import Training

@testable import Workbench

@Suite("Legends, counts and numbers in pictures")
struct LegendTests {
  private static let colorless = Ability(depth: .none, glyphs: .full)

  private func lines(_ area: Rect, of grid: CellGrid) -> [String] {
    grid.text[area.y..<area.bottom].map { String($0.dropFirst(area.x).prefix(area.width)) }
  }

  private func area(_ panel: String, _ state: AppState) throws -> Rect {
    try #require(state.panels.first { $0.id == panel }).area
  }

  @Test("the plane of several classes has no color but theirs, also where it is unsure")
  func plane() throws {
    var pilot = try LabPilot("spiral:arms=5")
    pilot.press("..")
    let inside = try area(TrainPart.learned.rawValue, pilot.state).inset(columns: 2, rows: 2)
    let grid = pilot.state.frame()
    let classes = (0..<5).flatMap { [Ink.series($0), .faded($0)] }
    var seen: Set<Ink> = []
    for y in inside.y..<inside.bottom {
      for x in inside.x..<inside.right {
        guard let cell = grid[Point(x, y)], cell.scalar == "▀" else { continue }
        seen.formUnion([cell.foreground, cell.background])
      }
    }
    #expect(!seen.isEmpty && seen.isSubset(of: classes), "\(seen)")
    #expect(!seen.isDisjoint(with: (0..<5).map { .faded($0) }))
  }

  @Test("of more than three classes each has a mark of its own in a cloud of points")
  func cloud() throws {
    for (arms, hasMarks) in [(2, false), (5, true)] {
      let pilot = try LabPilot("spiral:arms=\(arms)", screen: .data)
      let area = try area("picture", pilot.state)
      let text = lines(area, of: pilot.state.frame()).joined()
      let hasBraille = text.unicodeScalars.contains { (0x2800..<0x2900).contains($0.value) }
      #expect(text.contains("□ D") == hasMarks && hasBraille != hasMarks)
    }
  }

  @Test("a data set that is shaped is listed with the classes that it has now")
  func shaped() throws {
    let pilot = try LabPilot("spiral:arms=5", screen: .data)
    let text = lines(try area("list", pilot.state), of: pilot.state.frame())
    #expect(text.contains { $0.contains("▶ spiral") && $0.contains("5 classes") })
    #expect(!text.contains { $0.contains("Two ") })
  }

  @Test("the numbers of a list of data sets are whole")
  func wholeNumbers() throws {
    let pilot = try LabPilot("digits", screen: .data)
    let text = lines(try area("list", pilot.state), of: pilot.state.frame())
    #expect(!text.joined().contains(/\d,?…/))
  }

  /// A run of which 138 examples of each class are right and two are taken for the class before.
  private func confused(_ ability: Ability) throws -> LabPilot {
    var pilot = try LabPilot("digits", ability: ability)
    let rows = (0..<10).flatMap { c in
      [Int](repeating: c, count: 138) + [Int](repeating: (c + 9) % 10, count: 2)
    }
    let examples = Examples(
      inputs: Tensor(
        shape: [1400, 10], scalars: rows.flatMap { row in (0..<10).map { $0 == row ? 1 : 0 } }),
      targets: Tensor(shape: [1400], scalars: (0..<1400).map { Float($0 / 140) }))
    let model = ModelDescription.perceptron(inputShape: [10], hidden: [], classes: 10)
    let data = TrainingData(name: "ones", training: examples, classes: (0..<10).map(String.init))
    pilot.run([
      .lab(.open(RunSettings(model: model, data: data, batchSize: 64, epochs: 1, seed: 1)))
    ])
    pilot.run((0..<10).map { .lab(.setWeight("dense/kernel", at: 11 * $0, to: 50)) })
    return pilot
  }

  @Test("without colors the counts of a confusion never run into each other: else it is percent")
  func counts() throws {
    var pilot = try confused(Self.colorless)
    let panel = TrainPart.confusion.rawValue
    let area = try area(panel, pilot.state)
    let text = lines(area, of: pilot.state.frame()).joined(separator: "\n")
    #expect(text.contains("percent") && text.contains(" 1 99"), "\(text)")
    #expect(!text.contains("138"))
    pilot.state.focus[.train] = panel
    pilot.press("%%")
    #expect(pilot.state.message?.toast.text.contains("run into each other") == true)
    let colored = try confused(.full)
    #expect(colored.text.contains("138"))
  }

  @Test("the part of a confusion that is shown is called by the names beside it")
  func part() throws {
    var pilot = try confused(.full)
    pilot.state.size = Size(80, 24)
    pilot.state.focus[.train] = TrainPart.confusion.rawValue
    let text = lines(try area(TrainPart.confusion.rawValue, pilot.state), of: pilot.state.frame())
    let all = text.joined(separator: "\n")
    let part = try #require(all.firstMatch(of: /rows (\d+)–(\d+) of 10/), "\(all)")
    #expect(
      text.contains { $0.hasPrefix("│ \(part.1) ") }
        && text.contains { $0.hasPrefix("│ \(part.2) ") })
  }

  @Test("names over the columns of attention have a blank between them", arguments: 24...72)
  func attention(width: Int) throws {
    let example = try #require(ViewCase.all.first { $0.name == "one head" })
    let pilot = try example.pilot()
    let picture = try #require(pilot.state.lab.closeUp)
    guard case .attention(let attention) = picture else { return }
    let interest = try #require(pilot.state.openCloseUp?.interest)
    var grid = CellGrid(size: Size(width, 12), ability: .full)
    let look = CloseUpLook(
      state: pilot.state, picture: picture, interest: interest, area: grid.bounds)
    AttentionView.draw(look, on: &grid)
    let names = try #require(attention.lookedAt).map { look.tokens.name($0) }
    let head = grid.text[0].prefix(width >= 48 ? width - 24 : width)
    for word in head.split(separator: " ") {
      let start = word.hasSuffix("…") ? word.dropLast() : word
      #expect(names.contains { $0.hasPrefix(start) }, "\(head)")
    }
  }

  @Test("help says what positive and negative look like, without colors by their characters")
  func signs() throws {
    var lab = try TestLab()
    func about() -> String { HelpTopics(lab.state, search: "").about.map(\.plain).joined() }
    #expect(about().contains("Colors: ■ positive ■ negative"))
    lab.state.ability = Self.colorless
    #expect(about().contains("− #: ▒█ +") && !about().contains("Colors"))
  }

  @Test("without colors Step says which characters of its picture are negative")
  func overview() throws {
    var rig = try StepRig.digits(ability: Self.colorless)
    rig.go(1, 2)
    #expect(rig.text.contains { $0.contains("− #: ▒█ +, √ of the size, up to") })
    rig.state.ability = Ability(depth: .none, glyphs: .ascii)
    let inside = lines(try area("overview", rig.state), of: rig.state.frame()).joined()
    #expect(inside.contains("[") && inside.contains("]"))
  }

  @Test("in the legend of curves each name has its number, whatever the width", arguments: 8...70)
  func legend(width: Int) throws {
    var pilot = try LabPilot("digits", epochs: 6)
    pilot.press("))")
    for cursor in [nil, 3] {
      pilot.state.train.curves.cursor = cursor
      for chart in [Chart.loss, .accuracy] {
        let text = CurveLegend(CurveData(chart, pilot.state), pilot.state, width: width).text.plain
        for name in ["loss", "val", "acc"] where text.contains(name + " ") || text.hasSuffix(name) {
          #expect(text.contains(try Regex("\(name) +[0-9—]")), "\(text)")
        }
        #expect(text.matches(of: /━ +[0-9]/).count < 2, "\(text)")
      }
    }
  }

  @Test("two charts of a what-if name what they show, at every width", arguments: [60, 80, 120])
  func whatIf(width: Int) throws {
    var pilot = try LabPilot("spiral", hidden: [8], epochs: 10)
    pilot.train(60)
    pilot.run([.lab(.go(Position(step: 20)))])
    pilot.press(">>")
    pilot.train(40)
    for (isUnseen, name) in [(false, " loss"), (true, " val_loss")] {
      pilot.state.step.branchesShowValidation = isUnseen
      var grid = CellGrid(size: Size(width, 12), ability: .full)
      WhatIfPanel(pilot.state, grid.bounds).draw(false, on: &grid)
      #expect(grid.text[0].contains(name), "\(grid.text[0])")
    }
  }

  @Test(
    "an example's numbers are whole, and a column of air is before the border", arguments: 16...40)
  func example(width: Int) throws {
    var rig = StepRig.memory()
    for instruction in [1, rig.moment.plan.instructions.count] {
      rig.go(1, instruction)
      var grid = CellGrid(size: Size(width, 8), ability: .full)
      ExamplePanel(rig.state, rig.moment).draw(grid.bounds, false, on: &grid)
      for line in grid.text.dropFirst().dropLast() {
        #expect(!line.contains(/[0-9.\-]…/) && line.hasSuffix(" │"), "\(line)")
      }
    }
  }

  @Test("values that begin alike are cut where they do, not where they differ")
  func differs() {
    let values = ["learning_rate at 1,000", "learning_rate at 40"]
    let line = DiffersLine("set by hand", short: "by hand", values, hasBaseline: false)
    #expect(line.shortened(0, to: 12) == "learni…1,000")
    #expect(line.shortened(1, to: 12) == "learning_…40")
    let same = DiffersLine(
      "data", short: "data", ["breast_cancer", "breast_cancer"], hasBaseline: false)
    #expect(same.shortened(0, to: 6) == "breast_cancer")
  }

  @Test("below the layers of a memory it says what lies down and across, not that there are maps")
  func memory() throws {
    let example = try #require(ViewCase.all.first { $0.name == "gates" })
    for size in [Size(120, 36), Size(100, 30)] {
      var pilot = try example.pilot(size: size)
      pilot.press(.escape)
      // With the focus the panel tells of the chosen unit instead.
      pilot.state.focus[.train] = TrainPart.loss.rawValue
      pilot.state.train.layers.layer = 0
      // An embedding's sequences stand beside what the memory makes of them.
      let says = ["sequences: time across, units down", "across: time"].contains {
        pilot.text.contains($0)
      }
      #expect(says, "\(pilot.text)")
      #expect(!pilot.text.contains("then its maps"))
    }
  }

  @Test("until the news of another look come the layers are called what is there")
  func look() throws {
    var pilot = try LabPilot("digits")
    pilot.press("..")
    #expect(pilot.text.contains("activation on probes"))
    _ = pilot.state.handle(.key(.character("v"), []))
    #expect(pilot.state.train.layers.look != .activation)
    #expect(pilot.text.contains("activation on probes"))
  }

  @Test("while a program runs Train is how far it is, and keys that need its run say why not")
  func program() throws {
    var lab = try TestLab()
    lab.tell(.loopRuns("model.py"))
    lab.type("4")
    lab.state.messages.hide()
    lab.tell(.loopGoesOn(passes: 1234, said: ["epoch 1", "epoch 2"]))
    #expect(lab.text.matches(of: /model.py runs/).count == 1, "\(lab.text)")
    #expect(lab.text.contains("1,234 passes so far") && lab.text.contains("epoch 2"))
    for key in "I RW.-" {
      lab.state.messages.hide()
      lab.type(String(key))
      let said = lab.state.message?.toast.text ?? ""
      #expect(said.hasPrefix("model.py still runs"), "\(key): \(said)")
    }
    #expect(lab.state.workpiece.seed == 1)
    lab.type("5")
    #expect(!lab.text.contains("begins a run"))
  }

  @Test(
    "a program that runs is ended by Escape, and what is asked of an older run meanwhile refused")
  func programOverRun() throws {
    var pilot = try LabPilot("digits")
    pilot.press("..")
    _ = pilot.state.receive(.loopRuns("model.py"))
    for key in [" ", ".", ",", "r"] {
      let effects = pilot.state.handle(.key(.character(Character(key)), []))
      #expect(!effects.contains { if case .lab = $0 { true } else { false } }, "\(key)")
      #expect(pilot.state.message?.toast.text.contains("still runs") == true, "\(key)")
      pilot.state.messages.hide()
    }
    let ending = pilot.state.handle(.key(.escape, []))
    #expect(ending.contains { if case .stopLoop = $0 { true } else { false } })
  }

  @Test("terms are told apart by the first factor of which places differ")
  func terms() {
    let terms = [5, 6, 11].map {
      SumTerm([Operand("share", 0.5), Operand("y[12,\($0),\($0 - 1),0]", 1)])
    }
    let names = TermNames(terms)
    #expect(names.key == "r,c" && names.headings == ["share", "y[12,r,c,0]"])
    #expect(terms.map { names.place(of: $0) } == ["5,4", "6,5", "11,10"])
  }

  @Test("of a long path Build keeps the file's own name")
  func path() throws {
    for size in [Size(80, 24), Size(120, 36)] {
      var state = try BuildRig.state(size: size)
      state.workpiece.fileName = "/home/ada/networks/of/the/first/week/dense.py"
      #expect(state.frame().text[0].contains("/dense.py"))
    }
  }
}
