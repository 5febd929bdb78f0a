import Datasets
import NeuralNets
import TerminalGraphics
import Testing
import Training
import Workbench

@Suite("The mouse")
struct MouseTests {
  private static func click(_ lab: inout TestLab, _ point: Point) {
    lab.send(.mouse(Mouse(.press, .left, at: point)))
    lab.send(.mouse(Mouse(.release, .left, at: point)))
  }

  /// Where a text stands in the frame.
  private static func place(of text: String, in lab: TestLab) throws -> Point {
    for (y, line) in lab.state.frame().text.enumerated() {
      let characters = Array(line)
      let wanted = Array(text)
      guard characters.count >= wanted.count else { continue }
      for x in 0...(characters.count - wanted.count)
      where Array(characters[x..<x + wanted.count]) == wanted { return Point(x, y) }
    }
    throw Missing(text: text, frame: lab.text)
  }

  struct Missing: Error { let text: String, frame: String }

  @Test("Every hint of the bar presses its key, whole", arguments: ScreenName.allCases)
  func hintBar(screen: ScreenName) throws {
    var lab = try TestLab()
    lab.press(.character(screen.digit))
    let y = lab.state.size.height - 1
    let frame = lab.state.frame()
    let keys = (0..<lab.state.size.width).compactMap { frame.spot(at: Point($0, y)) }
    let known = Set(lab.state.bindings.flatMap(\.keys))
    for case .key(let key) in keys { #expect(known.contains(key)) }
    #expect(Set(keys).count >= 4)
    let help = try Self.place(of: "? help", in: lab)
    Self.click(&lab, Point(help.x + 3, help.y))
    guard case .help? = lab.state.overlay else {
      Issue.record("no help")
      return
    }
  }

  @Test("The top line goes to its screens, also over an open list")
  func topLine() throws {
    var lab = try TestLab()
    Self.click(&lab, try Self.place(of: "4 Train", in: lab))
    #expect(lab.state.screen == .train)
    lab.type("?")
    Self.click(&lab, try Self.place(of: "6 Data", in: lab))
    #expect(lab.state.screen == .data)
    #expect(lab.state.overlay == nil)
  }

  @Test("A key in a panel is pressed in that panel")
  func panelKey() throws {
    var lab = try TestLab(size: Size(80, 24))
    lab.type("4")
    Self.click(&lab, try Self.place(of: "Tab accuracy", in: lab))
    #expect(lab.state.focus[.train] == "accuracy")
  }

  @Test("An entry over the screen is chosen by a click and done by a second; outside closes")
  func overlays() throws {
    var lab = try TestLab()
    lab.type("3a")
    let place = try Self.place(of: " Dropout ", in: lab)
    Self.click(&lab, place)
    guard case .menu(let menu)? = lab.state.overlay else {
      Issue.record("no menu")
      return
    }
    #expect(menu.items[menu.selection.index].label == "Dropout")
    Self.click(&lab, try Self.place(of: "▶ Dropout", in: lab))
    #expect(lab.state.overlay == nil)
    #expect(lab.state.workpiece.model.layers.contains { $0.kind == "Dropout" })
    lab.type("a")
    Self.click(&lab, Point(0, 3))
    #expect(lab.state.overlay == nil)
    lab.type(":")
    Self.click(&lab, try Self.place(of: "Esc close", in: lab))
    #expect(lab.state.overlay == nil)
  }

  @Test("A double click is Enter, two slow clicks are not")
  func doubleClick() throws {
    var lab = try TestLab()
    lab.type("6")
    let row = try Self.place(of: " diabetes ", in: lab)
    Self.click(&lab, row)
    lab.wait(seconds: 1)
    Self.click(&lab, row)
    #expect(lab.state.workpiece.dataset.name == "digits")
    Self.click(&lab, row)
    #expect(lab.state.workpiece.dataset.name == "diabetes")
  }

  @Test("The wheel scrolls the panel under the pointer and leaves the focus")
  func wheel() throws {
    var lab = try TestLab()
    lab.type("3")
    let area = try #require(lab.state.panels.first { $0.id == "inspector" }?.area)
    let before = lab.text
    lab.send(.mouse(Mouse(.wheelDown, .none, at: Point(area.x + 3, area.y + 2))))
    #expect(lab.text != before)
    #expect(lab.state.focusedPanel == "layers")
  }

  @Test("With Shift, and by the right button, nothing happens")
  func terminalsOwn() throws {
    var lab = try TestLab()
    let before = lab.text
    let place = try Self.place(of: "4 Train", in: lab)
    lab.send(.mouse(Mouse(.press, .left, at: place, .shift)))
    lab.send(.mouse(Mouse(.press, .right, at: place)))
    #expect(lab.text == before)
  }

  @Test("A slider is dragged, as one edit", arguments: [Size(120, 36), Size(80, 24)])
  func slider(size: Size) throws {
    var lab = try TestLab(size: size)
    lab.type("6")
    let before = lab.state.workpiece
    lab.state.focus[.data] = "shape"
    let filled = try Self.place(of: "━◆", in: lab)
    let knob = Point(filled.x + 1, filled.y)
    lab.send(.mouse(Mouse(.press, .left, at: knob)))
    for x in 1...3 {
      lab.send(.mouse(Mouse(.drag, .left, at: Point(knob.x - x, knob.y))))
    }
    lab.send(.mouse(Mouse(.release, .left, at: Point(knob.x - 3, knob.y))))
    #expect(lab.state.edits.past.count == 1)
    lab.type("u")
    #expect(lab.state.workpiece.preparation == before.preparation)
    #expect(lab.state.workpiece.dataset == before.dataset)
    #expect(lab.state.edits.past.isEmpty)
  }

  @Test("What covers a key takes its place, what is cut off has none")
  func coverage() {
    var grid = CellGrid(size: Size(20, 3))
    grid.clipped(to: Rect(0, 0, 8, 3)) { _ = $0.write(.hint("Enter", "open"), at: Point(0, 0)) }
    #expect(grid.spot(at: Point(2, 0)) == .key(KeyStroke(.enter)))
    #expect(grid.spot(at: Point(7, 0)) == .key(KeyStroke(.enter)))
    #expect(grid.spot(at: Point(8, 0)) == nil)
    grid.put("x", at: Point(2, 0))
    #expect(grid.spot(at: Point(2, 0)) == nil)
    grid.fill(Rect(0, 0, 20, 1))
    #expect(grid.spot(at: Point(0, 0)) == nil)
  }

  @Test("Words beside one key press it, beside two they press none")
  func pairs() {
    var grid = CellGrid(size: Size(30, 1))
    grid.write(.hint("J K", "move"), at: Point(0, 0))
    #expect(grid.spot(at: Point(0, 0)) == .key(KeyStroke("J")))
    #expect(grid.spot(at: Point(2, 0)) == .key(KeyStroke("K")))
    #expect(grid.spot(at: Point(5, 0)) == nil)
    grid.write(.accent("16"), at: Point(10, 0))
    grid.write(.accent("[ ]"), at: Point(14, 0))
    #expect(grid.spot(at: Point(10, 0)) == nil)
    #expect(grid.spot(at: Point(16, 0)) == .key(KeyStroke("]")))
  }
}
