import TerminalGraphics
import Testing
import Training
import Workbench

@Suite("Borders between panels")
struct BorderTests {
  private static func area(_ id: String, _ lab: TestLab) throws -> Rect {
    try #require(lab.state.panels.first { $0.id == id }?.area)
  }

  private static func drag(_ lab: inout TestLab, from start: Point, to end: Point) {
    guard lab.state.frame().spot(at: start) == nil else { return }
    lab.send(.mouse(Mouse(.press, .left, at: start)))
    lab.send(.mouse(Mouse(.drag, .left, at: end)))
    lab.send(.mouse(Mouse(.release, .left, at: end)))
    // Not so soon that the next one makes a double click.
    lab.wait(seconds: 1)
  }

  /// Whether panels lie over one another or leave holes that were not there.
  private static func covered(_ lab: TestLab) -> [Int] {
    var count = [Int](repeating: 0, count: lab.state.size.width * lab.state.size.height)
    for panel in lab.state.panels {
      for y in panel.area.y..<panel.area.bottom {
        for x in panel.area.x..<panel.area.right { count[y * lab.state.size.width + x] += 1 }
      }
    }
    return count
  }

  @Test("A border follows the mouse, both sides of it, and is kept")
  func drags() throws {
    var lab = try TestLab()
    lab.type("3")
    let layers = try Self.area("layers", lab)
    let network = try Self.area("network", lab)
    Self.drag(&lab, from: Point(layers.right, 10), to: Point(layers.right + 6, 10))
    #expect(try Self.area("layers", lab).width == layers.width + 6)
    #expect(try Self.area("network", lab).x == network.x + 6)
    #expect(try Self.area("network", lab).right == network.right)
    guard case .remember(let key, let value)? = lab.others.last else {
      Issue.record("not kept: \(lab.others)")
      return
    }
    var next = try TestLab()
    next.state.recall(key, value)
    next.type("3")
    #expect(try Self.area("layers", next).width == layers.width + 6)
  }

  @Test("Its other cell, the frame of the panel before, moves it as well; a double click resets it")
  func resets() throws {
    var lab = try TestLab()
    lab.type("3")
    let layers = try Self.area("layers", lab)
    Self.drag(&lab, from: Point(layers.right - 1, 10), to: Point(layers.right + 3, 10))
    #expect(try Self.area("layers", lab).width == layers.width + 4)
    lab.wait(seconds: 2)
    let border = Point(layers.right + 4, 10)
    for _ in 0..<2 {
      lab.send(.mouse(Mouse(.press, .left, at: border)))
      lab.send(.mouse(Mouse(.release, .left, at: border)))
    }
    #expect(try Self.area("layers", lab) == layers)
  }

  @Test("Keys make the focused panel larger and smaller, down to where words would be dropped")
  func keys() throws {
    var lab = try TestLab()
    lab.type("3")
    let before = try Self.area("layers", lab)
    lab.send(.key(.right, .control))
    #expect(try Self.area("layers", lab).width == before.width + 2)
    for _ in 0..<60 { lab.send(.key(.left, .control)) }
    let least = try Self.area("layers", lab).width
    #expect(least >= 20 && least < before.width)
    #expect(lab.state.message?.toast.text.contains("drop words") == true)
    lab.send(.key(.down, .control))
    #expect(try Self.area("layers", lab).height == before.height + 1)
    lab.type(":standard panels")
    lab.press(.enter)
    #expect(try Self.area("layers", lab) == before)
  }

  @Test(
    "However borders are dragged, panels neither overlap nor leave holes and draw",
    arguments: ScreenName.allCases, [Size(120, 36), Size(80, 24), Size(60, 16), Size(200, 60)])
  func tiling(screen: ScreenName, size: Size) throws {
    var lab = try TestLab(size: size)
    lab.press(.character(screen.digit))
    let before = Self.covered(lab)
    var random = SystemRandomNumberGenerator()
    for _ in 0..<2 {
      for panel in lab.state.panels where !panel.area.isEmpty {
        let (dx, dy) = (
          Int.random(in: -30...30, using: &random), Int.random(in: -10...10, using: &random)
        )
        let corner = Point(panel.area.x, panel.area.y + panel.area.height / 2)
        Self.drag(&lab, from: corner, to: Point(corner.x + dx, corner.y))
        let top = Point(panel.area.x + panel.area.width / 2, panel.area.bottom)
        if top.y < size.height - 1 { Self.drag(&lab, from: top, to: Point(top.x, top.y + dy)) }
      }
      let isWhole = Self.covered(lab) == before
      #expect(isWhole, "\(lab.state.panels)")
      #expect(!lab.text.isEmpty)
    }
  }

  @Test("A border that was moved is moved by the same share in another window of its class")
  func shares() throws {
    var lab = try TestLab(size: Size(200, 60))
    lab.type("6")
    let list = try Self.area("list", lab)
    Self.drag(&lab, from: Point(list.right, 10), to: Point(list.right + 20, 10))
    lab.send(.resize(Size(100, 30)))
    let small = try Self.area("list", lab)
    lab.type(":standard panels")
    lab.press(.enter)
    #expect(try Self.area("list", lab).width < small.width)
  }

  @Test("Damaged settings are left out")
  func damaged() {
    #expect(Borders(text: "a=x;;b=5;=;c=0.5=1").isEmpty)
    let some = Borders(text: "train full 6 v0|1=0.05")
    #expect(Borders(text: some.text) == some)
  }
}
