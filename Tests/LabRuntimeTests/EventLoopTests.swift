import Datasets
import Foundation
import LabRuntime
import NeuralNets
import Tensors
import TerminalGraphics
import Testing
import Training
import Workbench

/// A terminal on which keys are pressed while a run trains; it looks at every frame.
@MainActor
private final class WatchingTerminal: Terminal {
  let size = Size(100, 30)
  let ability = Ability.full
  var theme = Theme.dark
  weak var loop: EventLoop?
  private let screen: HeadlessTerminal
  /// What is still to be pressed, and whether news alone first made a frame that took panels over.
  private var keys: [(key: Key, afterNews: Bool)] = []
  private var known = 0
  private var waits = 0
  private var isAnswer = true
  /// Frames of news alone that took panels over from the one before, and others that did.
  private(set) var followed = 0
  private(set) var wrong: [String] = []
  private(set) var last: CellGrid?

  /// - Parameter phases: before each but the first the run has news that leave panels as they were,
  ///   however long the machine takes for that.
  init(phases: [[Key]]) {
    for (place, phase) in phases.enumerated() {
      for (index, key) in phase.enumerated() { keys.append((key, place > 0 && index == 0)) }
    }
    screen = HeadlessTerminal(size: size)
  }

  func wait(for timeout: Duration?) -> [Event] {
    waits += 1
    guard waits > 4000 || waits > 1 && isReady else {
      isAnswer = false
      Thread.sleep(forTimeInterval: 0.005)
      return screen.wait(for: timeout)
    }
    guard !keys.isEmpty else { return [.leave(signal: 15)] }
    (known, waits, isAnswer) = (followed, 0, true)
    return [.key(keys.removeFirst().key, [])]
  }

  /// Whether what comes before the next key has come; before the end, that the run has stopped.
  private var isReady: Bool {
    guard let next = keys.first else { return loop?.state.lab.activity != .training }
    return !next.afterNews || followed > known
  }

  func present(_ grid: CellGrid, cursor: Point?) {
    last = grid
    guard let state = loop?.state else { return }
    let whole = state.frame()
    guard grid.cells != whole.cells || cursor != whole.cursor else { return }
    if isAnswer || state.lab.activity != .training {
      wrong.append(zip(grid.text, whole.text).first { $0 != $1 }.map { "\($0)" } ?? "cursor")
    } else {
      followed += 1
    }
  }

  func invalidate() {}
  func copyToClipboard(_ text: String) {}
  func adopt(_ choice: LookChoice) {}
  func setMouse(_ isOn: Bool) {}
  func suspend() {}
  nonisolated func wake() { screen.wake() }
}

@Suite("The loop of the lab")
struct EventLoopTests {
  @Test("every key and every end makes a whole frame; news of a run that trains need not")
  @MainActor
  func wholeFrames() throws {
    let library = DatasetLibrary()
    let state = AppState(
      size: Size(100, 30), ability: .full, library: library,
      workpiece: Workpiece(
        model: .perceptron(inputShape: [64], hidden: [64, 32], classes: 10),
        dataset: try library.load("digits"), epochs: 1_000_000))
    // After the run has news; among them are keys that move within a panel and change nothing else.
    let first: [Key] = [.tab, .tab, .tab, .tab, .tab, .down, .tab, .down, .right]
    let second: [Key] = [.character("?"), .escape, .character("z"), .character("z")]
    let terminal = WatchingTerminal(phases: [
      [.character("4"), .character(" "), .character("F")], first, second, [.character(" ")],
    ])
    let lab = LabThread(wake: { terminal.wake() })
    defer { lab.stop() }
    let record = Record(store: nil)
    let loop = EventLoop(
      terminal: terminal, state: state, lab: lab,
      runner: EffectRunner(
        lab: lab, library: library, record: record, recorder: RunRecorder(record: record)),
      // However slow the machine is, the panels wait for a key.
      frames: FrameMaker(span: 1000))
    terminal.loop = loop
    _ = loop.run()
    #expect(terminal.wrong == [])
    #expect(terminal.followed > 0)
    #expect(loop.state.lab.activity == .paused && loop.state.lab.position.step > 0)
    #expect(terminal.last?.cells == loop.state.frame().cells)
  }
}
