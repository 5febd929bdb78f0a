import Testing

import TerminalGraphics
import Training
import Workbench

/// Plain mode without a terminal or a thread: lines go in, lines come out.
private struct PlainLab {
  private let lab = Lab()
  private(set) var session: PlainSession
  private(set) var others: [Effect] = []

  init() throws {
    session = PlainSession(try TestLab().state)
    perform(session.state.start())
    _ = session.greeting()
  }

  /// What is said to a line.
  mutating func type(_ line: String) -> [String] {
    let request = session.take(line)
    perform(request.effects)
    return request.answer + (request.says ? session.changes() : [])
  }

  mutating func train(_ steps: Int, at time: Double) -> [String] {
    _ = lab.train(steps: steps)
    session.state.now = time
    session.state.receive(lab.snapshot())
    return session.report()
  }

  private mutating func perform(_ effects: [Effect]) {
    for effect in effects {
      switch effect {
      case .lab(let request): lab.handle(request)
      case .ask(let command):
        _ = session.state.receive(.reply(command: command, lines: lab.ask(command)))
      default: others.append(effect)
      }
    }
    _ = session.state.receive(.run(lab.snapshot()))
  }
}

@Suite("Plain words")
struct PlainTests {
  private static let drawing = "─│╭╮╰╯█▓▒░▀▄━▏⣿●○◆▶"

  @Test("every panel of every screen can be read, without a sign that only draws")
  func panels() throws {
    var lab = try PlainLab()
    for place in ScreenName.allCases {
      _ = lab.type("go \(place.rawValue)")
      let said = lab.type("read all")
      #expect(said.count > 1, "\(place)")
      for line in said {
        #expect(!line.contains { Self.drawing.contains($0) }, "\(place): \(line)")
        #expect(line.contains { $0.isLetter || $0.isNumber })
      }
      for name in lab.type("panels") {
        let id = name.split(separator: ",").first.map(String.init) ?? ""
        #expect(lab.type("read \(id)").count > 0)
      }
    }
  }

  @Test("digits are trained and one gradient is read to its sum")
  func gradient() throws {
    var lab = try PlainLab()
    #expect(lab.type("go train").contains { $0.hasPrefix("Train: paused, digits") })
    for count in 1...3 {
      #expect(lab.type(".").contains { $0.hasPrefix("step \(count), loss ") })
    }
    #expect(lab.type("go step").contains { $0.hasPrefix("Step: ") })
    let told = lab.type("explain dense_2/kernel.grad[0,0]")
    #expect(!told.isEmpty && told != ["nothing changed"])
    let norm = lab.type("print norm(dense_2/kernel.grad)")
    #expect(norm.contains { $0.contains("norm(dense_2/kernel.grad) = ") })
    // Into the backward pass, line by line, and a cell of its result.
    for _ in 0..<12 { _ = lab.type(".") }
    let result = lab.type("read result")
    #expect(result.contains { $0.contains("chosen") }, "\(result)")
    _ = lab.type("panel result")
    #expect(lab.type("down").contains { $0.contains("chosen") })
  }

  @Test("a heatmap is its size and extremes, and its numbers when asked")
  func heatmap() {
    let map = Heatmap(
      values: [-1, 0.5, 0, 2], rows: 2, columns: 2, scale: .diverging(limit: 2))
    var grid = CellGrid(size: Size(10, 5), ability: .spoken)
    map.draw(in: Rect(1, 1, 4, 2), on: &grid)
    #expect(grid.text.joined().isEmpty)
    #expect(grid.spoken.count == 1)
    #expect(
      grid.spoken[0].lines == ["2 by 2, from -1 at row 0, column 0 to 2 at row 1, column 1"])
    #expect(grid.spoken[0].numbers == ["row 0: -1, 0.500", "row 1: 0, 2"])
  }

  @Test("while it trains it says how far it is, at most every five seconds, and when it rests")
  func rate() throws {
    var lab = try PlainLab()
    _ = lab.type("go train")
    _ = lab.type("space")
    #expect(lab.train(2, at: 1).isEmpty)
    #expect(lab.train(2, at: 4).isEmpty)
    #expect(lab.train(2, at: 6).contains { $0.contains(", training") })
    #expect(lab.train(2, at: 7).isEmpty)
    #expect(lab.type("space").contains { $0.contains("paused") })
  }

  @Test("a field takes the next line as its text, and leaves by esc")
  func field() throws {
    var lab = try PlainLab()
    _ = lab.type("go train")
    _ = lab.type("panel settings")
    let asked = lab.type("enter")
    let label = try #require(lab.session.state.field?.label)
    #expect(asked.contains { $0.hasPrefix(label) })
    #expect(lab.session.prompt == label + "> ")
    _ = lab.type("0.01")
    #expect(lab.session.state.field == nil)
    #expect(lab.session.state.lab.learningRate == 0.01)
  }

  @Test("every line is answered, also one that nothing understands")
  func answers() throws {
    var lab = try PlainLab()
    for line in [
      "nonsense", "press nothing", "go nowhere", "panel none", "read none", "f12", "x y z",
    ] {
      #expect(!lab.type(line).isEmpty, "\(line)")
    }
    #expect(lab.type("keys").contains { $0.hasPrefix("q or ctrl-c: ") })
    #expect(lab.type("help").count > 5)
    #expect(lab.type("").isEmpty)
  }

  @Test(
    "keys by their names",
    arguments: [
      ("press space", " "), ("press ctrl-c", "quit"), ("down 3", "down"), ("shift-tab", "panel"),
    ])
  func keys(line: String, _ what: String) throws {
    var lab = try PlainLab()
    let before = lab.session.state.focusedPanel
    _ = lab.type(line)
    if what == "quit" {
      #expect(lab.others.contains { if case .quit = $0 { true } else { false } })
    }
    if what == "panel" { #expect(lab.session.state.focusedPanel != before) }
  }
}
