import TerminalGraphics
import Testing
import Training
import Workbench

@Suite("Frames of a run that trains")
struct FrameMakerTests {
  private static let span = 0.1

  /// A scene's run as if it trained, some steps before where it stands, and there.
  private static func moments(_ scene: Scene) throws -> (before: AppState, now: AppState) {
    var now = try scene.make()
    now.hideMessages()
    now.lab.activity = .training
    var before = now
    let step = now.lab.position.step
    before.lab.position = Position(step: max(0, step - 7))
    before.lab.history = now.lab.history.prefix(
      steps: before.lab.position.step, stepsPerEpoch: now.lab.settings?.stepsPerEpoch ?? 1)
    before.lab.pictures = nil
    now.now = before.now + Self.span / 2
    return (before, now)
  }

  /// Whether two frames show, click and point the same.
  private static func areSame(_ one: CellGrid, _ other: CellGrid, in area: Rect? = nil) -> Bool {
    let area = area ?? one.bounds
    for y in area.y..<area.bottom {
      for x in area.x..<area.right {
        let point = Point(x, y)
        guard one[point] == other[point], one.spot(at: point) == other.spot(at: point) else {
          return false
        }
      }
    }
    return area != one.bounds || one.cursor == other.cursor
  }

  @Test(
    "each panel is as it is now or as it was, and soon all are as they are now",
    arguments: Scene.all)
  func panels(_ scene: Scene) throws {
    for size in [Size(120, 36), Size(80, 24)] {
      var (before, now) = try Self.moments(scene)
      _ = before.handle(.resize(size))
      _ = now.handle(.resize(size))
      var maker = FrameMaker(span: Self.span)
      let old = maker.frame(of: before, isNewsAlone: true)
      #expect(Self.areSame(old, before.frame()), "the first frame is whole")
      let whole = now.frame()
      var between = maker.frame(of: now, isNewsAlone: true)
      #expect(between.size == size)
      if !Self.areSame(between, whole) {
        #expect(maker.deadline != nil)
        for panel in now.panels where !panel.area.isEmpty {
          let isNow = Self.areSame(between, whole, in: panel.area)
          #expect(
            isNow || Self.areSame(between, old, in: panel.area), "\(panel.id) at \(size)")
          if now.overlay == nil, TrainScreen.following.contains(panel.id) {
            #expect(isNow, "\(panel.id) at \(size)")
          }
        }
        // Once more the same is the same.
        #expect(Self.areSame(maker.frame(of: now, isNewsAlone: true), between))
      }
      now.now = before.now + Self.span
      between = maker.frame(of: now, isNewsAlone: true)
      #expect(Self.areSame(between, whole) && maker.deadline == nil)
    }
  }

  @Test("between whole frames the run and its loss go on, and pictures wait")
  func waits() throws {
    let scene = try #require(Scene.train.first { $0.name == "train-digits" })
    let (before, now) = try Self.moments(scene)
    var maker = FrameMaker(span: Self.span)
    _ = maker.frame(of: before, isNewsAlone: true)
    let between = maker.frame(of: now, isNewsAlone: true)
    let waiting = now.panels.filter {
      !Self.areSame(between, now.frame(), in: $0.area)
    }
    #expect(waiting.map(\.id).contains("confusion") && waiting.map(\.id).contains("layers"))
    #expect(!waiting.map(\.id).contains("loss") && !waiting.map(\.id).contains("run"))
  }

  @Test("each sixth frame is whole, however soon it comes")
  func sixths() throws {
    let scene = try #require(Scene.train.first { $0.name == "train-digits" })
    let (before, now) = try Self.moments(scene)
    var maker = FrameMaker(span: 1000)
    _ = maker.frame(of: before, isNewsAlone: true)
    let whole = now.frame()
    let areWhole = (0..<9).map { _ in Self.areSame(maker.frame(of: now, isNewsAlone: true), whole) }
    // From the first whole one on nothing differs.
    #expect(areWhole == [false, false, false, false, false, true, true, true, true])
    #expect(FrameMaker.most == 5)
  }

  /// What makes a frame whole though it came as news of the run.
  static let changes: [(name: String, change: @Sendable (inout AppState) -> Void)] = [
    ("a pause", { $0.lab.activity = .paused }),
    ("the end", { $0.lab.activity = .finished }),
    ("another run", { $0.lab.runNumber += 1 }),
    ("a message", { _ = $0.receive(.said("news", .news)) }),
    ("a search", { _ = $0.handle(.key(.character("/"), [])) }),
    ("another panel", { _ = $0.handle(.key(.tab, [])) }),
    ("zoom", { _ = $0.handle(.key(.character("z"), [])) }),
    ("another screen", { $0.screen = .step }),
    ("a wider panel", { _ = $0.handle(.key(.right, .control)) }),
    ("another size", { _ = $0.handle(.resize(Size(100, 30))) }),
    ("a small window", { _ = $0.handle(.resize(Size(50, 10))) }),
    ("fewer colors", { $0.ability = Ability(depth: .none, glyphs: .ascii) }),
  ]

  @Test("whatever else changes makes a whole frame at once, and so does its end")
  func changes() throws {
    let scene = try #require(Scene.train.first { $0.name == "train-digits" })
    for (name, change) in Self.changes {
      let (before, now) = try Self.moments(scene)
      var maker = FrameMaker(span: Self.span)
      _ = maker.frame(of: before, isNewsAlone: true)
      var changed = now
      change(&changed)
      let frame = maker.frame(of: changed, isNewsAlone: true)
      #expect(frame.text == changed.frame().text, "\(name)")
      #expect(Self.areSame(frame, changed.frame()), "\(name)")
      #expect(Self.areSame(maker.frame(of: now, isNewsAlone: true), now.frame()), "after \(name)")
    }
  }

  @Test("help is there at once, over the panels as they were; soon they too are as they are now")
  func overlays() throws {
    let scene = try #require(Scene.train.first { $0.name == "train-digits" })
    let (before, now) = try Self.moments(scene)
    var maker = FrameMaker(span: Self.span)
    _ = maker.frame(of: before, isNewsAlone: true)
    var (asked, askedBefore) = (now, before)
    _ = asked.handle(.key(.character("?"), []))
    _ = askedBefore.handle(.key(.character("?"), []))
    let frame = maker.frame(of: asked, isNewsAlone: false)
    let (whole, old) = (asked.frame(), askedBefore.frame())
    for y in [0, frame.size.height - 1] {
      #expect(Self.areSame(frame, whole, in: Rect(0, y, frame.size.width, 1)))
    }
    #expect(frame.text.contains { $0.contains("Help · Train") })
    #expect(!Self.areSame(frame, whole))
    for y in asked.body.y..<asked.body.bottom {
      for x in 0..<frame.size.width {
        let cell = frame[Point(x, y)]
        #expect(cell == whole[Point(x, y)] || cell == old[Point(x, y)], "\(x), \(y)")
      }
    }
    #expect(maker.deadline != nil)
    // While only the run goes on nothing changes; the next key acts at once.
    #expect(Self.areSame(maker.frame(of: asked, isNewsAlone: true), frame))
    var searching = asked
    _ = searching.handle(.key(.character("/"), []))
    _ = searching.handle(.key(.character("z"), []))
    var going = maker
    let searched = going.frame(of: searching, isNewsAlone: false)
    #expect(searched.text.contains { $0.contains("/z") })
    // Help that is closed leaves panels as they are now, by a key and by itself.
    for isNewsAlone in [true, false] {
      var closing = maker
      let closed = closing.frame(of: now, isNewsAlone: isNewsAlone)
      #expect(Self.areSame(closed, now.frame()))
    }
    asked.now = before.now + Self.span
    #expect(Self.areSame(maker.frame(of: asked, isNewsAlone: true), asked.frame()))
    #expect(maker.deadline == nil)
  }

  @Test("a key makes a whole frame")
  func keys() throws {
    let scene = try #require(Scene.train.first { $0.name == "train-digits" })
    let (before, now) = try Self.moments(scene)
    var maker = FrameMaker(span: Self.span)
    _ = maker.frame(of: before, isNewsAlone: true)
    #expect(Self.areSame(maker.frame(of: now, isNewsAlone: false), now.frame()))
  }
}
