import ArgumentParser
import CursesTerminal
import Datasets
import Foundation
import LabRuntime
import Lessons
import NeuralNets
import RunStore
import Tensors
import TerminalGraphics
import Training
import Workbench

/// Opens the lab.
struct Open: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open", abstract: "Open the lab (what `backstep` alone does).",
    shouldDisplay: false)

  @Argument(help: "A model file (Keras code), a recorded run (r12), or nothing.") var file: String?

  @Option(help: "Colors: auto, 24bit, 256, 16 or never.") var color = "auto"
  @Option(help: "Characters: auto, full, blocks or ascii.") var glyphs = "auto"
  @Option(help: "Colors for a background: auto, dark or light.") var theme = "auto"
  @Flag(help: "Words and numbers in lines: for screen readers and pipes.") var plain = false

  /// The lesson to open, by the name of its folder.
  var lesson: String?

  /// Whether its pages are only read, one after the other.
  var readsThrough = false

  /// The moment to open.
  var moment: WantedMoment?

  /// The recorded run to open.
  private var recorded: RunNumber? { file.flatMap { RunsCommand.number($0) } }

  private enum CodingKeys: String, CodingKey { case file, color, glyphs, theme, plain }

  func run() throws {
    if let recorded {
      _ = try RunsCommand.run("\(recorded)", in: RunsCommand.store())
    } else if let file, !FileManager.default.fileExists(atPath: file) {
      throw CommandFailure("\(file): no such file; check the name", code: .noSuchFile)
    }
    guard plain || isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 else {
      let names = Backstep.commandNames.joined(separator: ", ")
      throw CommandFailure(
        "standard input and output are not a terminal to draw on; without one there are "
          + "\(names) (backstep --help); --plain goes without", code: .noTerminal)
    }
    let status = try MainActor.assumeIsolated { try openLab() }
    if status != 0 { throw ExitCode(status) }
  }

  /// What the command line says of colors and characters.
  private func look() throws -> LookChoice {
    guard let color = ColorChoice(rawValue: color) else {
      throw ValidationError("--color is \(color); right would be auto, 24bit, 256, 16 or never")
    }
    var look = LookChoice(color: color)
    if glyphs != "auto" {
      guard let chosen = Ability.Glyphs(rawValue: glyphs) else {
        throw ValidationError("--glyphs is \(glyphs); right would be auto, full, blocks or ascii")
      }
      look.glyphs = chosen
    }
    if theme != "auto" {
      guard let chosen = Theme.Name(rawValue: theme) else {
        throw ValidationError("--theme is \(theme); right would be auto, dark or light")
      }
      look.theme = chosen
    }
    return look
  }

  /// The lab on the screen, or in plain words, until one leaves.
  @MainActor
  private func openLab() throws -> Int32 {
    FreeMemory.useOnePlace()
    let environment = ProcessInfo.processInfo.environment
    let kept = KeptLook.read()
    let choice = LookChoice.resolved(option: try look(), environment: environment, kept: kept)
    var isPlain = startsPlain
    let library = dataLibrary
    // The pictures are read while the terminal is made ready.
    let pictures = Ahead { try library.load("digits") }
    var terminal: CursesTerminal?
    do {
      terminal = isPlain ? nil : try open(choice, environment)
    } catch let failure as CursesTerminal.Unavailable {
      FileHandle.standardError.write(Data("backstep: \(failure)\n".utf8))
      return 2
    }
    defer { terminal?.close() }
    let digits = try pictures.value()
    let model = ModelDescription.perceptron(inputShape: [64], hidden: [64, 32], classes: 10)
    let workpiece = Workpiece(model: model, dataset: digits)
    var state = AppState(
      size: terminal?.size ?? Size(120, 36), ability: terminal?.ability ?? .spoken,
      library: library, workpiece: workpiece)
    state.look.choice = choice
    state.look.kept = kept
    state.look.theme = terminal?.theme ?? Theme(name: choice.theme ?? .dark)
    // A newcomer sees the lab at once: to make the record of runs waits for the disk.
    let isFirstStart = !FileManager.default.fileExists(
      atPath: Directories.data.appending(path: RunStore.fileName).path)
    if isFirstStart, file == nil, lesson == nil, moment == nil {
      terminal?.present(state.frame(), cursor: nil)
    }
    // The lessons are read while the record is opened.
    let lessons = Ahead {
      LessonLibrary(directories: [
        LessonLibrary.shippedDirectory, Directories.data.appending(path: "Lessons"),
      ]).lessons
    }
    let record = openRecord(&state)
    let recorder = RunRecorder(record: record)
    state.learn = LearnState(
      lessons: try lessons.value(), progress: record.lessonProgress(), latest: state.learn.latest)
    let bell = Doorbell()
    let lab = LabThread(
      workshop: .lab(dataLibrary),
      wake: { bell.ring() }, observer: recorder,
      prepare: {
        CursesTerminal.guardStack()
        // One core draws, the others learn; they give way as the lab's thread does.
        setKernelThreads(ProcessInfo.processInfo.activeProcessorCount - 1)
      })
    record.listen { [weak lab] news in lab?.tell(news) }
    let runner = EffectRunner(
      lab: lab, library: library, record: record, recorder: recorder,
      student: try? record.store?.setting(Student.key))
    // Who asks for a file or a lesson does not go on where the last one left off.
    var left = file == nil && lesson == nil && moment == nil ? keptLab(record, &state) : nil
    let keeper = Keeper(record: record, recorder: recorder, runner: runner)
    var effects = first(&state, left)
    if let moment { runner.open(moment) }
    if let moment = left?.moment {
      runner.resume(
        moment, state.workpiece, lessons: state.learn.lessons, behind: left?.left)
    }
    var status: Int32 = 0
    while true {
      if isPlain {
        let console = PlainConsole()
        bell.connect { console.wake() }
        let loop = PlainLoop(console: console, state: state, lab: lab, runner: runner)
        status = loop.run(first: effects, readsThrough: readsThrough)
        console.close()
        state = loop.state
        guard loop.wantsScreen else { break }
      } else if let screen = terminal {
        bell.connect { [weak screen] in screen?.wake() }
        let loop = EventLoop(
          terminal: screen, state: state, lab: lab, runner: runner, keeper: keeper,
          kept: left?.state)
        status = loop.run(first: effects)
        state = loop.state
        guard loop.wantsPlain else { break }
        screen.close()
        terminal = nil
      }
      isPlain.toggle()
      effects = []
      left = nil
      if !isPlain {
        do {
          let screen = try open(state.look.choice, environment)
          state.leavePlain(size: screen.size, ability: screen.ability, theme: screen.theme)
          terminal = screen
        } catch {
          state.say("\(error)", .warning)
          isPlain = true
        }
      }
    }
    lab.stop()
    keeper.finish(state)
    return status
  }

  /// Where one was; what is damaged is told once and set aside.
  @MainActor
  private func keptLab(_ record: Record, _ state: inout AppState) -> KeptLab? {
    do { return try record.keptLab() } catch {
      state.say("where you were last cannot be read, and is set aside: \(error)", .warning)
      return nil
    }
  }

  private var startsPlain: Bool {
    plain || ProcessInfo.processInfo.environment["TERM"] == "dumb"
  }

  @MainActor
  private func open(
    _ look: LookChoice, _ environment: [String: String]
  ) throws -> CursesTerminal {
    try? FileManager.default.createDirectory(
      at: Directories.state, withIntermediateDirectories: true)
    var options = CursesTerminal.Options(
      cacheDirectory: Directories.cache.path,
      logPath: Directories.state.appending(path: "log").path)
    options.look = look
    return try CursesTerminal(options: options, environment: environment)
  }

  /// What is done before the first key: a file or a lesson was asked for, or Home is shown.
  @MainActor
  private func first(_ state: inout AppState, _ kept: KeptLab?) -> [Effect] {
    if let lesson { return state.openLesson(lesson) }
    if let recorded { return state.start() + [.openRun(number: recorded.value)] }
    if let file { return state.start() + [.openModel(path: file)] }
    guard let kept else { return state.start() }
    let effects = kept.state.restore(in: &state)
    guard let moment = kept.moment else { return effects }
    // A screen that finds no run makes one: here the one that was at hand comes back.
    state.train.opened = moment.isOfWorkpiece ? state.workpiece : nil
    state.awaitsKeptRun = moment.isRecorded
    return effects.filter { effect in
      if case .lab(.open(_)) = effect { false } else { true }
    }
  }

  /// Opens the record of runs and what was worked on last; what cannot be opened is said, and the
  /// lab goes on without.
  @MainActor
  private func openRecord(_ state: inout AppState) -> Record {
    do {
      let store = try RunStore(directory: Directories.data)
      let record = Record(store: store)
      do {
        let standard = state.workpiece
        if let kept = try KeptWorkpiece.restore(from: store, state.library, standard: standard) {
          state.workpiece = kept.workpiece
          if let trouble = kept.trouble { state.say(trouble, .warning) }
        }
      } catch {
        KeptWorkpiece.setAside(in: store)
        state.say(
          "what was worked on last cannot be opened, and is set aside: \(error)", .warning)
      }
      for key in AppState.remembered {
        if let value = try? store.setting(key) { state.recall(key, value) }
      }
      return record
    } catch {
      state.say("not recorded: \(error)", .warning)
      return Record(store: nil)
    }
  }
}
