import Autodiff
import TerminalGraphics
import Testing
import Training

@testable import Workbench

/// What stands on a screen stands there whole, and says what it is.
@Suite("Words are whole")
struct WholeWordsTests {
  private static let sizes = [Size(120, 36), Size(100, 30), Size(80, 24)]

  @Test("no sentence and no title is cut off", arguments: Scene.all)
  func sentences(_ scene: Scene) throws {
    var state = try scene.make()
    guard [.home, .learn, .train, .step, .runs].contains(state.screen), state.overlay == nil else {
      return
    }
    for size in Self.sizes {
      _ = state.handle(.resize(size))
      for line in state.frame().text {
        let cut = zip(line, line.dropFirst()).filter { $1 == "…" && $0.isLetter }
        #expect(cut.isEmpty, "\(scene.name) at \(size.width): \(line)")
      }
    }
  }

  @Test("no word is cut off where signs are spelled out in ASCII", arguments: Scene.all)
  func spelled(_ scene: Scene) throws {
    var state = try scene.make()
    for size in Self.sizes {
      state.ability = .full
      _ = state.handle(.resize(size))
      func cuts(_ mark: Character) -> [String] {
        state.frame().text.filter { line in
          line.split(separator: mark, omittingEmptySubsequences: false).dropLast().contains {
            // Not what a picture is drawn with.
            Set($0.suffix(3)).count > 2 && $0.suffix(3).allSatisfy(\.isLetter)
          }
        }
      }
      let full = cuts("…").count
      state.ability = Ability(depth: .none, glyphs: .ascii)
      let ascii = cuts("~")
      #expect(ascii.count <= full, "\(scene.name) at \(size.width): \(ascii)")
    }
  }

  @Test("borders stand where they stand when signs are spelled out in ASCII", arguments: Scene.all)
  func borders(_ scene: Scene) throws {
    var state = try scene.make()
    guard state.overlay == nil, state.field == nil, state.tour == nil else { return }
    for size in Self.sizes {
      state.ability = Ability(depth: .none, glyphs: .ascii)
      _ = state.handle(.resize(size))
      let grid = state.frame()
      let message = state.message != nil
      for panel in state.panels where panel.area.height > 2 && panel.area.width > 2 {
        for y in panel.area.y + 1..<panel.area.bottom - 1 {
          for x in [panel.area.x, panel.area.right - 1] {
            let there = grid[Point(x, y)]?.scalar ?? " "
            let isBorder = "|#+:.-".unicodeScalars.contains(there)
            #expect(
              isBorder || message, "\(scene.name) at \(size.width), \(panel.id): \(grid.text[y])")
          }
        }
      }
    }
  }

  @Test("the curves of the loss and of the accuracy have their names", arguments: sizes)
  func legends(_ size: Size) throws {
    var pilot = try LabPilot("digits", hidden: [8], size: size, epochs: 3)
    pilot.press(" ")
    pilot.train(200)
    let top = try #require(pilot.state.frame().text.first { $0.contains("─ Loss ─") })
    let curves = top.prefix { $0 != "╮" }
    #expect(curves.contains("val"), "\(curves)")
    guard let line = pilot.state.frame().text.first(where: { $0.contains("─ Accuracy ─") }) else {
      return
    }
    #expect(line.prefix { $0 != "╮" }.contains("val"), "\(line)")
  }

  @Test("at every instruction the top line has its number, and the same form in all of a step")
  func status() throws {
    for size in Self.sizes {
      var rig = try StepRig.digits(size: size)
      var forms: Set<String> = []
      for instruction in [1, 9, 10, 25] {
        rig.go(1_234, instruction)
        let line = try #require(rig.text.first)
        #expect(!line.contains("…"), "\(line)")
        #expect(line.contains("26"), "\(line)")
        forms.insert(
          line.replacing(" \(instruction)/", with: " n/").replacing(
            " \(instruction) of", with: " n of"
          ).filter { $0 != " " })
      }
      #expect(forms.count == 1, "\(forms)")
    }
  }

  @Test("each row of a sum says which example it is of, at any size", arguments: sizes)
  func sums(_ size: Size) throws {
    var rig = try StepRig.digits(size: size)
    rig.go(20, 14)
    let text = rig.text
    let head = try #require(text.firstIndex { $0.contains("product") })
    let terms = try #require(CellPanel.terms(rig.moment))
    let row = try #require(text.dropFirst(head + 1).first { $0.contains("▶") })
    let largest = try #require(terms.max { abs($0.product) < abs($1.product) }?.example)
    // The number of the example stands for itself, with a blank behind it.
    #expect(row.split(separator: "▶").last?.split(separator: " ").first == "\(largest)", "\(row)")
    #expect(!text[head].contains("examplh"))
  }

  @Test("numbers of instructions never touch their names")
  func plan() throws {
    var rig = StepRig.memory(time: 12)
    let count = rig.moment.plan.instructions.count
    #expect(count > 100)
    rig.go(1, count - 3)
    let glued = rig.text.filter { line in
      guard line.prefix(4).contains(where: { "●○▶".contains($0) }) else { return false }
      let place = line.prefix(32).split(separator: " ").first { $0.first?.isNumber == true }
      return place?.contains { $0.isLetter } ?? false
    }
    #expect(glued.isEmpty, "\(glued)")
  }

  @Test("the validation accuracy has one color on Train, Runs and Home")
  func colors() throws {
    let runs = [0.97, 0.9, 0.61].enumerated().map { place, share in
      RunSummary(
        number: place + 1, data: "digits", model: "64-10", losses: [1, 0.5],
        validationAccuracy: share, steps: 10, totalSteps: 10, ageSeconds: 60)
    }
    var pilot = try LabPilot("digits", hidden: [4])
    pilot.press(" ")
    pilot.train(60)
    pilot.run(pilot.state.receive(.home(HomeContents(runs: runs, lessons: [], isRecording: true))))
    func inks(_ screen: ScreenName, _ texts: [String]) throws -> [Ink?] {
      pilot.run(pilot.state.go(to: screen))
      let grid = pilot.state.frame()
      return try texts.map { text in
        let row = try #require(grid.text.firstIndex { $0.contains(text) }, "\(text)")
        let line = grid.text[row]
        let start = try #require(line.firstRange(of: text)).lowerBound
        return grid[Point(line.distance(from: line.startIndex, to: start), row)]?.foreground
      }
    }
    let lists = ["0.970", "0.900", "0.610"]
    let train = try inks(.train, ["val 0."])
    #expect(Set(train + (try inks(.home, lists)) + (try inks(.runs, lists))).count == 1)
    // The curve of it beside the learning rate, too.
    pilot.run(pilot.state.go(to: .train))
    for _ in 0..<12 where pilot.state.focusedPanel != TrainPart.rates.rawValue { pilot.press(.tab) }
    let area = try #require(
      pilot.state.panels.first { $0.id == TrainPart.rates.rawValue }?.area.inset())
    let grid = pilot.state.frame()
    let inks = (1..<area.height).map { grid[Point(area.x + 1, area.y + $0)] }
      .first { $0?.scalar != " " }
    #expect(inks??.foreground == train[0])
  }

  @Test("counts are in the plural of their word")
  func plurals() {
    #expect(Words.count(2, "pass") == "2 passes")
    #expect(Words.count(1, "pass") == "1 pass")
    #expect(Words.count(3, "map") == "3 maps")
  }

  @Test("signs of formulas are not read as letters or digits without their characters")
  func ascii() throws {
    let ability = Ability(depth: .direct, glyphs: .ascii)
    var pilot = try LabPilot("digits", hidden: [8], ability: ability, screen: .build)
    pilot.press(.down)
    #expect(pilot.text.contains("starts in +-0."))
    #expect(pilot.text.contains("= sqrt("))
    var rig = try StepRig.digits(ability: ability)
    rig.go(3, 21)
    #expect(!rig.text.joined(separator: "\n").contains("(s g x"))
  }

  @Test("what colors mean is shown in those colors, not named", arguments: Ability.tiers)
  func colorWords(_ ability: Ability) throws {
    var rig = try StepRig.digits(ability: ability)
    for instruction in [1, 9, 14] {
      rig.go(3, instruction)
      #expect(!rig.text.joined(separator: "\n").contains("orange"))
    }
  }

  @Test("a key that does nothing to this data is not shown beside its shape")
  func seed() throws {
    var pilot = try LabPilot("digits", hidden: [4], screen: .data)
    #expect(!pilot.text.contains("r seed"))
    pilot = try LabPilot("spiral", hidden: [4], screen: .data)
    #expect(pilot.text.contains("r seed"))
  }

  @Test("below a plot stand two numbers at least", arguments: [900, 1_500, 6_000, 12_000])
  func scales(_ steps: Int) {
    for width in 30...60 {
      var grid = CellGrid(size: Size(width, 8))
      LinePlot(
        series: [LinePlot.Series(name: "loss", x: [0, Float(steps)], y: [1, 2], ink: .text)],
        xAxis: Axis(low: 0, high: Double(steps)), xLabel: "step"
      ).draw(in: grid.bounds, on: &grid)
      let numbers = (grid.text.last ?? "").split(separator: " ").dropLast()
      #expect(numbers.count > 1, "\(width): \(numbers)")
    }
  }
}
