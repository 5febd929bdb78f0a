import ArgumentParser
import CursesTerminal
import Datasets
import Foundation
import LabRuntime
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

  func run() throws {
    let status = try MainActor.assumeIsolated { try openLab() }
    if status != 0 { throw ExitCode(status) }
  }

  @MainActor
  private func openLab() throws -> Int32 {
    let cache = Directories.cache
    var options = CursesTerminal.Options(
      cacheDirectory: cache.path, logPath: Directories.state.appending(path: "log").path)
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
    let terminal: CursesTerminal
    do {
      terminal = try CursesTerminal(
        options: options, environment: ProcessInfo.processInfo.environment)
    } catch {
      FileHandle.standardError.write(Data("backstep: \(error)\n".utf8))
      return 2
    }
    defer { terminal.close() }
    // One core draws, the others learn.
    setKernelThreads(ProcessInfo.processInfo.activeProcessorCount - 1)
    let library = DatasetLibrary()
    let digits = try library.load("digits")
    let model = ModelDescription.perceptron(inputShape: [64], hidden: [64, 32], classes: 10)
    let workpiece = Workpiece(model: model, dataset: digits)
    var state = AppState(
      size: terminal.size, ability: terminal.ability, library: library, workpiece: workpiece)
    // Seen at once: to make the record of runs waits for the disk.
    terminal.present(state.frame(), cursor: nil)
    let record = openRecord(&state)
    let recorder = RunRecorder(record: record)
    let lab = LabThread(
      wake: { [weak terminal] in terminal?.wake() }, observer: recorder,
      prepare: CursesTerminal.guardStack)
    record.listen { [weak lab] news in lab?.tell(news) }
    let loop = EventLoop(
      terminal: terminal, state: state, lab: lab,
      runner: EffectRunner(lab: lab, library: library, record: record, recorder: recorder))
    let status = loop.run(first: state.start())
    lab.stop()
    record.keep(loop.state.workpiece)
    return status
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
      return record
    } catch {
      state.say("not recorded: \(error)", .warning)
      return Record(store: nil)
    }
  }
}
