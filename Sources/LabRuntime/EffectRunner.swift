import Datasets
import FileFormats
import Foundation
import Interchange
import KerasCode
import Lessons
import RunStore
import Scripts
import Synchronization
import TerminalGraphics
import Training
import Workbench

/// Carries out what the lab asks of the world: the run's thread, files, records.
package final class EffectRunner: Sendable {
  private let lab: LabThread
  private let library: DatasetLibrary
  private let record: Record
  private let recorder: RunRecorder
  private let store: DatasetStore
  private let lessons = LessonSetter()
  private let news = Mutex<[News]>([])

  package init(
    lab: LabThread, library: DatasetLibrary, record: Record, recorder: RunRecorder,
    store: DatasetStore = DatasetStore(root: Directories.data.appending(path: "datasets"))
  ) {
    self.lab = lab
    self.library = library
    self.record = record
    self.recorder = recorder
    self.store = store
  }

  /// The news of files read and written since the last time.
  package func takeNews() -> [News] {
    news.withLock { news in
      defer { news = [] }
      return news
    }
  }

  private func tell(_ item: News) { news.withLock { $0.append(item) } }

  package func run(_ effect: Effect) {
    switch effect {
    case .lab(let request): lab.post(request)
    case .write(let path, let text): write(Array(text.utf8), to: path)
    case .writeBytes(let path, let bytes): writeBytes(bytes, to: path)
    case .openModel(let path): openModel(path)
    case .openData(let path): openData(path)
    case .listFiles(let text): tell(.files(for: text, PathCompletion.paths(from: text)))
    case .keepData(let dataset, let name): keepData(dataset, name)
    case .saveWeights(let path): saveWeights(to: path)
    case .ask(let command):
      lab.post { lab in [.reply(command: command, lines: lab.ask(command))] }
    case .setUpLesson(let lesson, let page): setUp(lesson, page)
    case .keepProgress(let place, let donePages, let isFinished):
      record.keep(place, donePages: donePages, isFinished: isFinished)
    case .refreshHome: record.refresh()
    case .openRun(let number): openRun(RunNumber(number))
    case .remember(let key, let value): record.write { try $0.set(key, to: value) }
    default: break
    }
  }

  private func setUp(_ lesson: Lesson, _ page: Int) {
    let library = library
    let setter = lessons
    let recorder = recorder
    lab.post { lab in
      do {
        if try setter.setUp(lesson, page: page, in: lab, library) { recorder.leaveOut(lab) }
        return []
      } catch { return [.said("\(error)", .bad)] }
    }
  }

  /// Opens a kept run where it stopped: on the lab's thread, which trains it up to there.
  private func openRun(_ number: RunNumber) {
    guard let store = record.store else {
      return tell(.said("no run can be opened: there is no record", .warning))
    }
    record.flush()
    let library = library
    let recorder = recorder
    lab.post { lab in
      do {
        let kept = try KeptRun(number, store, library)
        kept.open(in: lab)
        recorder.adopt(number, lab)
        return [
          .workpiece(kept.workpiece), .opened,
          .said("\(number) is open at step \(kept.steps)", .good),
        ]
      } catch { return [.said("\(number) cannot be opened: \(error)", .bad)] }
    }
  }

  /// A path as a shell would take it: `~` is the home directory.
  private func url(_ path: String) -> URL {
    URL(fileURLWithPath: (path as NSString).expandingTildeInPath)
  }

  private func write(_ bytes: [UInt8], to path: String) {
    do {
      try FileBytes.write(bytes, to: url(path))
      tell(.saved(path: path))
    } catch { tell(.said("\(error)", .bad)) }
  }

  private func writeBytes(_ bytes: [UInt8], to path: String) {
    do {
      try FileBytes.write(bytes, to: url(path))
      tell(.said("written to \(path)", .good))
    } catch { tell(.said("\(error)", .bad)) }
  }

  private func openModel(_ path: String) {
    do {
      let loader = ModelLoader(library: library)
      let file = try loader.read(url(path))
      // A model alone is welcome: it goes on with the data at hand.
      let settings = file.fit == nil ? nil : try loader.settings(file, RunOverrides())
      let source = String(decoding: try FileBytes.read(url(path)), as: UTF8.self)
      tell(
        .model(
          OpenedModel(
            model: settings?.model ?? file.description, data: settings?.data,
            epochs: settings?.epochs, batchSize: settings?.batchSize, path: path, source: source)))
    } catch { tell(.said("\(error)", .bad)) }
  }

  private func openData(_ path: String) {
    do {
      // A file whose own name looks as if options followed is a file.
      let isThere = FileManager.default.fileExists(atPath: url(path).path)
      let wanted = isThere ? DataSpecification(path) : try DataSpecification(parsing: path)
      var reading = DataSpecification(url(wanted.name).path)
      reading.table = wanted.table
      tell(.dataset(try library.load(reading), wanted))
    } catch { tell(.said("\(error)", .bad)) }
  }

  private func keepData(_ dataset: Dataset, _ name: String) {
    do { try store.save(dataset, as: name) } catch { tell(.said("\(error)", .bad)) }
  }

  private func saveWeights(to path: String) {
    let target = url(path)
    lab.post { lab in
      guard let session = lab.session else { return [.said("there is no run yet", .warning)] }
      do {
        let bytes = try WeightFile.bytes(session.weights, file: path)
        try FileBytes.write(bytes, to: target)
        return [.said("weights of step \(session.position.step) written to \(path)", .good)]
      } catch { return [.said("\(error)", .bad)] }
    }
  }
}
