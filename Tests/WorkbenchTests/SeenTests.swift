import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Testing
import Training
@testable import Workbench

/// What was seen in pictures of Train, Data and Home, and is to stay mended.
@Suite("What was seen in pictures")
struct SeenTests {
  private static let sizes = [Size(120, 36), Size(100, 30), Size(80, 24), Size(60, 16)]

  @Test(
    "no key of the bar stands without its word, on any screen at any size", arguments: Scene.all)
  func words(_ scene: Scene) throws {
    var state = try scene.make()
    guard state.overlay == nil, state.tour == nil, state.field == nil else { return }
    for size in Self.sizes {
      _ = state.handle(.resize(size))
      for panel in state.panels.map(\.id) {
        state.focus[state.screen] = panel
        expectWords(state, "\(scene.name), \(panel) at \(size.width)")
      }
    }
  }

  private func expectWords(_ state: AppState, _ place: String) {
    let grid = state.frame()
    let row = grid.size.height - 1
    let words = Self.words(of: grid, row: row)
    let pairs = Set(state.bindings.flatMap(Self.pairs))
    for (word, next) in zip(words, words.dropFirst() + [("", false)]) where word.isKey {
      let isPair = next.isKey && pairs.contains("\(word.text) \(next.text)")
      #expect(
        isPair || !next.isKey && !next.text.isEmpty,
        "\(place): \(word.text) in “\(grid.text[row])”")
    }
  }

  /// The words of a row, and which of them are keys.
  private static func words(of grid: CellGrid, row: Int) -> [(text: String, isKey: Bool)] {
    var all: [(text: String, isKey: Bool)] = []
    var isInWord = false
    for x in 0..<grid.size.width {
      guard let cell = grid[Point(x, row)], cell.scalar != " " else {
        isInWord = false
        continue
      }
      if isInWord {
        all[all.count - 1].text.unicodeScalars.append(cell.scalar)
      } else {
        all.append((String(Character(cell.scalar)), cell.attributes.contains(.bold)))
      }
      isInWord = true
    }
    return all
  }

  /// The two keys of a hint, as `- +` and `Esc d`.
  private static func pairs(_ binding: Binding) -> [String] {
    let words = binding.hint.split(separator: " ", maxSplits: 1)
    let other = words.count == 2 && words[0].count == 1 ? [String(words[0])] : []
    let labels = binding.keys.prefix(2).map(\.label)
    return [labels.joined(separator: " ")] + other.map { binding.label + " " + $0 }
  }

  @Test("no short hint is a word that says nothing alone", arguments: Scene.all)
  func shortHints(_ scene: Scene) throws {
    for binding in try scene.make().bindings where !binding.hint.isEmpty {
      let short = binding.shortHint ?? ShortWords.of(binding.hint)
      #expect(!ShortWords.empty.contains(short), "\(binding.name): \(short)")
    }
  }

  @Test("the first class is blue on the plane, and the field above 0 where it is likelier")
  func classColors() throws {
    var pilot = try LabPilot("linear", hidden: [4], epochs: 40)
    pilot.press(" ")
    pilot.train(300)
    let plane = try #require(pilot.state.lab.pictures?.plane)
    #expect(plane.meaning == .difference)
    let (height, width) = (plane.field.shape[0], plane.field.shape[1])
    let span = plane.across.upperBound - plane.across.lowerBound
    var agreeing = 0
    for point in plane.points {
      let column = Int((point.x - plane.across.lowerBound) / span * Float(width))
      let row = Int((plane.up.upperBound - point.y) / span * Float(height))
      guard (0..<width).contains(column), (0..<height).contains(row) else { continue }
      let value = plane.field.scalars[row * width + column]
      if (value > 0) == (point.target == 0) { agreeing += 1 }
    }
    #expect(agreeing * 10 > plane.points.count * 7)
    let names = pilot.state.lab.settings?.data.classes ?? []
    #expect(pilot.text.contains("p(\(names[0])) − p(\(names[1]))"))
    let grid = pilot.state.frame()
    let line = try #require(grid.text.firstIndex { $0.contains("■● \(names[0])") })
    let text = Array(grid.text[line])
    let column = try #require(text.indices.first { text[$0] == "■" && text[$0 + 1] == "●" })
    #expect(grid[Point(column, line)]?.foreground == .diverging(1))
  }

  @Test("a field for numbers says what it takes when a letter is typed")
  func numbers() throws {
    var pilot = try LabPilot("spiral")
    pilot.state.field = TextField("learning rate", allows: TextField.digits) { _, _ in [] }
    pilot.press("x")
    #expect(pilot.state.message?.toast.text.contains("a number, as 0.01") == true)
    #expect(pilot.state.field?.text == "")
  }

  @Test("t trains, from Home as from Build", arguments: [ScreenName.home, .build])
  func trains(_ screen: ScreenName) throws {
    var pilot = try LabPilot("spiral", screen: screen)
    pilot.press("t")
    #expect(pilot.state.screen == .train)
    #expect(pilot.state.lab.activity == .training)
  }

  @Test("who changes the rate is told that the future is another one, also after going back")
  func cuts() throws {
    var pilot = try LabPilot("spiral", hidden: [4], epochs: 4)
    pilot.press(" ")
    pilot.train(20)
    pilot.press(" ")
    pilot.press(">")
    #expect(pilot.state.message?.toast.text.contains("branch 2 from step 20") == true)
    pilot.run([.lab(.go(Position(step: 5)))])
    let rate = pilot.state.lab.learningRate
    pilot.press(">")
    let said = pilot.state.messages.log.last?.toast.text
    #expect(said?.contains("branch 3 from step 5: learning_rate") == true)
    #expect(pilot.state.lab.history.count == 5)
    pilot.press("u")
    pilot.answer()
    #expect(pilot.state.lab.learningRate == rate)
    #expect(pilot.state.lab.history.count == 20)
  }

  @Test("a setting that cannot act, as all epochs are done, says so")
  func finished() throws {
    var pilot = try LabPilot("spiral", hidden: [4], epochs: 2)
    pilot.press(" ")
    pilot.train(1000)
    #expect(pilot.state.lab.activity == .finished)
    pilot.state.workpiece.batchSize = 16
    pilot.run(SettingsPanel.takeEffect(.batchSize, &pilot.state))
    #expect(pilot.state.messages.log.contains { $0.toast.text.contains("all 2 epochs are done") })
  }

  @Test("drawing is found by name, from any screen", arguments: ["points", "picture"])
  func drawing(_ word: String) throws {
    let pilot = try LabPilot("digits", screen: .home)
    let found = PaletteEntry.found(word, pilot.state)
    #expect(found.first?.name.hasPrefix("draw") == true)
  }

  @Test("after three steps three steps are done on Step too")
  func moment() throws {
    var pilot = try LabPilot("spiral", hidden: [4])
    pilot.press("...")
    #expect(pilot.text.contains("step  3 of"))
    pilot.press("s")
    #expect(pilot.text.contains("spiral · 3 steps done"))
  }

  @Test("a long message takes more lines and loses no word", arguments: sizes)
  func messages(_ size: Size) throws {
    var pilot = try LabPilot("spiral", size: size)
    pilot.state.say("spiral is in use, with a new network 2-16-16-2: 64-64-32-10 does not fit")
    #expect(pilot.text.contains("fit"))
    #expect(!pilot.text.contains("64-3…"))
  }

  @Test("names of rates are whole, and so are those of what happened", arguments: sizes)
  func names(_ size: Size) throws {
    var pilot = try LabPilot("spiral", hidden: [4], size: size, epochs: 30)
    pilot.press(" ")
    pilot.train(300)
    for _ in 0..<8 {
      for line in pilot.state.frame().text {
        let letters = zip(line, line.dropFirst()).filter { $1 == "…" && $0.isLetter }
        #expect(letters.isEmpty, "\(line)")
      }
      pilot.press(.tab)
    }
  }
}
