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
import Workbench

/// Opens the lab.
struct Open: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open", abstract: "Open the lab (what `backstep` alone does).",
    shouldDisplay: false)

  @Argument(help: "A model file (Keras code), or nothing.") var file: String?

  @Option(help: "Colors: auto, always, 24bit, 256, 16 or never.") var color = "auto"
  @Option(help: "Characters: auto, full, blocks or ascii.") var glyphs = "auto"
  @Option(help: "Colors for a dark or a light background.") var theme = "dark"

  /// The lesson to open, by the name of its folder.
  var lesson: String?

  private enum CodingKeys: String, CodingKey { case file, color, glyphs, theme }

  func run() throws {
    if let file, !FileManager.default.fileExists(atPath: file) {
      throw CommandFailure("\(file): no such file; check the name", code: .noSuchFile)
    }
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
      let names = Backstep.commandNames.joined(separator: ", ")
      throw CommandFailure(
        "standard input and output are not a terminal to draw on; without one there are "
          + "\(names) (backstep --help)", code: .noTerminal)
    }
    let status = try MainActor.assumeIsolated { try openLab() }
    if status != 0 { throw ExitCode(status) }
  }

  /// What the command line says of colors and characters.
  @MainActor
  private func terminalOptions() throws -> CursesTerminal.Options {
    var options = CursesTerminal.Options(
      cacheDirectory: Directories.cache.path,
      logPath: Directories.state.appending(path: "log").path)
    guard let choice = ColorChoice(rawValue: color) else {
      throw ValidationError("--color is \(color); right would be auto, 24bit, 256, 16 or never")
    }
    options.color = choice
    if glyphs != "auto" {
      guard let chosen = Ability.Glyphs(rawValue: glyphs) else {
        throw ValidationError("--glyphs is \(glyphs); right would be auto, full, blocks or ascii")
      }
      options.glyphs = chosen
    }
    options.theme = theme == "light" ? .light : .dark
    return options
  }

  @MainActor
  private func openLab() throws -> Int32 {
    let library = dataLibrary
    // The pictures are read while the terminal is made ready.
    let pictures = Ahead { try library.load("digits") }
    let terminal: CursesTerminal
    do {
      terminal = try CursesTerminal(
        options: try terminalOptions(), environment: ProcessInfo.processInfo.environment)
    } catch let failure as CursesTerminal.Unavailable {
      FileHandle.standardError.write(Data("backstep: \(failure)\n".utf8))
      return 2
    }
    defer { terminal.close() }
    // One core draws, the others learn.
    setKernelThreads(ProcessInfo.processInfo.activeProcessorCount - 1)
    let digits = try pictures.value()
    let model = ModelDescription.perceptron(inputShape: [64], hidden: [64, 32], classes: 10)
    let workpiece = Workpiece(model: model, dataset: digits)
    var state = AppState(
      size: terminal.size, ability: terminal.ability, library: library, workpiece: workpiece)
    // A newcomer sees the lab at once: to make the record of runs waits for the disk.
    let isFirstStart = !FileManager.default.fileExists(
      atPath: Directories.data.appending(path: RunStore.fileName).path)
    if isFirstStart, file == nil, lesson == nil { terminal.present(state.frame(), cursor: nil) }
    let record = openRecord(&state)
    let recorder = RunRecorder(record: record)
    state.learn = LearnState(
      lessons: LessonLibrary(directories: [
        LessonLibrary.shippedDirectory, Directories.data.appending(path: "Lessons"),
      ]).lessons, progress: record.lessonProgress())
    let lab = LabThread(
      wake: { [weak terminal] in terminal?.wake() }, observer: recorder,
      prepare: CursesTerminal.guardStack)
    record.listen { [weak lab] news in lab?.tell(news) }
    let loop = EventLoop(
      terminal: terminal, state: state, lab: lab,
      runner: EffectRunner(lab: lab, library: library, record: record, recorder: recorder))
    let status = loop.run(first: first(&loop.state))
    lab.stop()
    record.keep(loop.state.workpiece)
    return status
  }

  /// What is done before the first key: a file or a lesson was asked for, or Home is shown.
  @MainActor
  private func first(_ state: inout AppState) -> [Effect] {
    if let lesson { return state.openLesson(lesson) }
    let start = state.start()
    return file.map { start + [.openModel(path: $0)] } ?? start
  }

  /// Opens the record of runs and what was worked on last; what cannot be opened is said, and the
  /// lab goes on without.
  @MainActor
  private func openRecord(_ state: inout AppState) -> Record {
    do {
      let store = try RunStore(directory: Directories.data)
      let record = Record(store: store)
      do {
        if let kept = try KeptWorkpiece.restore(from: store, state.library) {
          state.workpiece = kept
        }
      } catch { state.say("what was worked on last cannot be opened: \(error)", .warning) }
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
