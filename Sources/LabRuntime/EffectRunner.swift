import Datasets
import FileFormats
import Foundation
import Interchange
import KerasCode
import Lessons
import Pictures
import RunStore
import Scripts
import Synchronization
import TerminalGraphics
import Training
import Workbench

/// Carries out what the lab asks of the world: the run's thread, files, records.
package final class EffectRunner: Sendable {
  let lab: LabThread
  let library: DatasetLibrary
  let record: Record
  let recorder: RunRecorder
  private let store: DatasetStore
  private let lessons: LessonSetter
  private let news = Mutex<[News]>([])
  /// Whether the program that runs is to end.
  private let stopsLoop = Atomic(false)
  /// The run that was left for a lesson.
  let left = Mutex<KeptMoment?>(nil)
  private let wanted = Mutex<KeptMoment?>(nil)

  package init(
    lab: LabThread, library: DatasetLibrary, record: Record, recorder: RunRecorder,
    store: DatasetStore = DatasetStore(root: Directories.data.appending(path: "datasets")),
    student: String? = nil
  ) {
    lessons = LessonSetter(student: student)
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
    case .write(let path, let text, let replaces):
      write(Array(text.utf8), to: path, replaces: replaces)
    case .writeBytes(let path, let bytes): writeBytes(bytes, to: path)
    case .picture(let request): save(request)
    case .openModel(let path): openModel(path)
    case .readProgram(let text): readProgram(text)
    case .openData(let path): openData(path)
    case .listFiles(let text): tell(.files(for: text, PathCompletion.paths(from: text)))
    case .keepData(let dataset, let name): keepData(dataset, name)
    case .saveWeights(let path, let replaces):
      if mayWrite(url(path), path, replaces) { saveWeights(to: path) }
    case .ask(let command):
      lab.post { lab in [.answer(of: lab, to: command)] }
    case .setUpLesson(let lesson, let page): setUp(lesson, page)
    case .resetLesson(let lesson, let page): setUp(lesson, page, isAnew: true)
    case .keepProgress(let place, let donePages, let pages):
      record.keep(place, donePages: donePages, pages: pages)
    case .predict(let lesson, let page): predict(lesson, page)
    case .diagnose(let answer): diagnose(answer)
    case .forgetProgress(let lesson, let tasks): record.forget(lesson: lesson, tasks: tasks)
    case .keepWork(let lesson, let task, let page, let deed):
      keepWork(lesson, task, page, deed)
    case .refreshHome: record.refresh()
    case .stopLoop: stopsLoop.store(true, ordering: .relaxed)
    case .openRun(let number): openRun(RunNumber(number))
    case .leaveRun(let isOfWorkpiece): leaveRun(isOfWorkpiece: isOfWorkpiece)
    case .takeRunBack(let workpiece): takeRunBack(workpiece)
    case .runs(let request): run(request)
    case .remember(let key, let value): record.write { try $0.set(key, to: value) }
    default: break
    }
  }

  /// Keeps an answer with the run it was given at, a hint, or what was done until it was right.
  private func keepWork(_ lesson: String, _ task: String, _ page: Int, _ deed: LessonDeed) {
    lab.post { [record] lab in
      switch deed {
      case .hinted: record.update(lesson, task, page) { $0.hints += 1 }
      case .tried(let answer, let isRight):
        let work = WorkNote(lab.journal).json
        record.update(lesson, task, page) { kept in
          kept.tries.append(LessonWork.Try(answer: answer, isRight: isRight))
          guard isRight, kept.done == nil else { return }
          (kept.work, kept.done) = (work, Date())
        }
      case .finished(let moment):
        let work = WorkNote(lab.journal.ending(at: moment)).json
        record.update(lesson, task, page) { kept in
          guard kept.done == nil else { return }
          (kept.work, kept.done) = (work, Date())
        }
      }
      return []
    }
  }

  private func run(_ request: RunsRequest) {
    switch request {
    case .trainAgain(let number): trainAgain(RunNumber(number))
    case .learned(let numbers): record.pictureLearned(numbers, library)
    case .export(let number, let path):
      record.export(RunNumber(number), to: url(path), as: path) { [self] in noteExport(path) }
    default: record.run(request)
    }
  }

  /// Makes the settings of a kept run those that one works on: on the record's queue, behind what
  /// is written there, because data is read.
  private func trainAgain(_ number: RunNumber) {
    guard record.store != nil else {
      return tell(.said("no run can be trained again: there is no record", .warning))
    }
    let library = library
    record.write { [record] store in
      do {
        let kept = try KeptRun(number, store, library, isCopied: true)
        record.tell(.workpiece(kept.beginning))
        record.tell(.trainsAgain)
      } catch { record.tell(.said("\(number) cannot be trained again: \(error)", .bad)) }
    }
  }

  /// - Parameters:
  ///   - isAnew: whether the run is made again also where the page goes on with it.
  ///   - isAsked: whether the screen waits for it.
  ///   - work: what was done on the page, to be done again.
  private func setUp(
    _ lesson: Lesson, _ page: Int, isAnew: Bool = false, isAsked: Bool = true,
    doing work: WorkNote? = nil
  ) {
    let library = library
    let setter = lessons
    let recorder = recorder
    lab.post { lab in
      do {
        if isAnew { setter.forget() }
        let isOther = try setter.setUp(lesson, page: page, in: lab, library)
        if isOther { recorder.leaveOut(lab) }
        let own = lab.takeBacks
        try work?.replay(in: lab, library, until: { _ in false })
        return [
          .lessonRun(
            Self.run(
              of: lab, lesson, page, isOther: isOther, isAsked: isAsked,
              takeBacks: max(0, lab.takeBacks - own)))
        ]
      } catch {
        return [isAsked ? .lessonWithoutRun("\(error)") : .said("\(error)", .bad)]
      }
    }
  }

  /// The run that a page has now, with its network as one that can be worked on where it is another.
  private static func run(
    of lab: Lab, _ lesson: Lesson, _ page: Int, isOther: Bool, isAsked: Bool, takeBacks: Int
  ) -> LessonRun {
    guard isOther, let settings = lab.session?.settings else {
      return LessonRun(
        lesson: lesson.name, runNumber: lab.runNumber, model: nil, pageNumber: lab.pageNumber,
        isAsked: isAsked, takeBacks: takeBacks)
    }
    let (name, source) = lesson.program(forPage: page)
    let model = OpenedModel(
      model: settings.model, data: settings.data, epochs: settings.epochs,
      batchSize: settings.batchSize, path: name, source: source
    ).with(settings)
    return LessonRun(
      lesson: lesson.name, runNumber: lab.runNumber, model: model, seed: settings.seed,
      pageNumber: lab.pageNumber, isAsked: isAsked, takeBacks: takeBacks)
  }

  /// Opens a kept run where it stopped: on the lab's thread, which trains it up to there.
  func openRun(_ number: RunNumber, at place: Position? = nil) {
    guard let store = record.store else {
      return tell(.said("no run can be opened: there is no record", .warning))
    }
    record.flush()
    let library = library
    lab.post { [self] lab in
      do {
        let kept = try KeptRun(number, store, library)
        replay(kept, to: place.map { Standing($0) }, in: lab)
        let difference = kept.difference()
        return [
          .workpiece(kept.workpiece), .opened,
          difference.map { .said($0, .warning) }
            ?? .said("\(number) is open at step \(place?.step ?? kept.steps)", .good),
        ]
      } catch { return [.said("\(number) cannot be opened: \(error)", .bad)] }
    }
  }

  /// Brings back the moment that was at hand when the lab was left.
  ///
  /// - Parameters:
  ///   - lessons: those there are, by name.
  ///   - own: the moment of one's own run that waits behind a lesson's.
  package func resume(
    _ moment: KeptMoment, _ workpiece: Workpiece, lessons: [Lesson], behind own: KeptMoment? = nil
  ) {
    if let own { left.withLock { $0 = own } }
    wanted.withLock { $0 = moment }
    if let number = moment.number { return resume(RunNumber(number), moment, workpiece) }
    if let name = moment.lesson {
      guard let lesson = lessons.first(where: { $0.name == name }) else { return arrive() }
      let page = record.lessonProgress()[name]?.page ?? 0
      setUp(lesson, page, isAsked: false, doing: moment.work.flatMap { WorkNote(json: $0) })
      return lab.post { [self] lab in
        if lab.session != nil { lab.handle(.pace(moment.labPace)) }
        arrive()
        return []
      }
    } else {
      guard moment.isOfWorkpiece, let settings = try? workpiece.settings() else {
        return arrive()
      }
      lab.post(.open(settings))
    }
    lab.post { [self] lab in
      if let rows = moment.breakpoints { lab.take(rows) }
      let here = lab.session?.position.step ?? 0
      // A lesson's page may have its own place and commands; what one did comes after them.
      let changes = moment.changes.dropFirst(lab.session?.changesInForce.count ?? 0)
        .filter { $0.step >= here }.compactMap {
          try? Replay.Change(
            LiveChange(step: $0.step, name: $0.name, value: $0.value), of: RunNumber(0),
            KeptData(record.store, library))
        }
      go(on: Replay(lab, changes: changes, steps: moment.steps, place: moment.place)) { lab in
        lab.take(moment.stop, moment.fault)
        return []
      }
      if lab.session != nil { lab.handle(.pace(moment.labPace)) }
      return []
    }
  }

  private func resume(_ number: RunNumber, _ moment: KeptMoment, _ workpiece: Workpiece) {
    guard let store = record.store else { return arrive() }
    let library = library
    lab.post { [self] lab in
      do {
        let own = moment.isOfWorkpiece ? workpiece : nil
        var (branches, trouble) = ([KeptBranch](), [News]())
        do {
          branches = try moment.keptBranches { try KeptRun($0, store, library, own: own) }
        } catch { trouble = [.said("the other branches are not opened again: \(error)", .warning)] }
        replay(
          try KeptRun(number, store, library, own: own), branches, moment.branch,
          to: moment.place, in: lab
        ) { lab in
          lab.take(moment.stop, moment.fault)
          return []
        }
        if let rows = moment.breakpoints { lab.take(rows) }
        lab.handle(.pace(moment.labPace))
        return trouble
      } catch {
        arrive()
        return [.said("\(number) is not opened again: \(error)", .warning)]
      }
    }
  }

  private func replay(
    _ kept: KeptRun, _ branches: [KeptBranch] = [], _ branch: Int? = nil, to place: Standing?,
    in lab: Lab, then: @escaping LabThread.Job = { _ in [] }
  ) {
    lab.isReturning = true
    lab.handle(.open(kept.settings))
    recorder.adopt(kept, lab, branches: branches)
    go(
      on: Replay(
        lab, kept, branches: branches, branch: min(branch ?? 1, branches.count + 1), place: place),
      then: then)
  }

  /// Goes on with a replay whenever the lab's thread has done what else was asked.
  /// - Parameter then: what is to be said when it is where it stood.
  func go(on replay: Replay, then: @escaping LabThread.Job = { _ in [] }) {
    lab.post { [self] lab in
      var replay = replay
      if replay.advance(lab) {
        lab.isReturning = false
        recorder.endReplay(lab, isWhole: replay.isWhole)
        arrive()
        return then(lab)
      }
      go(on: replay, then: then)
      return []
    }
  }

  /// The moment that the lab is on its way back to; nil when it is there.
  var resuming: KeptMoment? { wanted.withLock { $0 } }

  private func arrive() { wanted.withLock { $0 = nil } }

  /// A path as a shell would take it: `~` is the home directory.
  private func url(_ path: String) -> URL {
    URL(fileURLWithPath: (path as NSString).expandingTildeInPath)
  }

  /// Whether a file may be written: one that is there already stays, unless it may be replaced.
  private func mayWrite(_ file: URL, _ path: String, _ replaces: Bool) -> Bool {
    if replaces || !FileManager.default.fileExists(atPath: file.path) { return true }
    tell(.said("\(path) is there already; :save! \(path) replaces it", .warning))
    return false
  }

  private func write(_ bytes: [UInt8], to path: String, replaces: Bool) {
    let file = url(path)
    guard mayWrite(file, path, replaces) else { return }
    do {
      try FileBytes.write(bytes, to: file)
      tell(.saved(path: path, shown: Self.shown(file)))
      noteExport(path)
    } catch { tell(.said("\(error)", .bad)) }
  }

  /// A file that a screen wrote counts as what `export` at the prompt does.
  private func noteExport(_ path: String) {
    if let format = Self.exported(path) { lab.post(.did(.exported(format))) }
  }

  /// What a file of that name is an export to; nil for what is none.
  private static func exported(_ path: String) -> String? {
    let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
    return ending == "py" ? "keras" : ["safetensors", "npz", "csv"].first { $0 == ending }
  }

  private func writeBytes(_ bytes: [UInt8], to path: String) {
    do {
      try FileBytes.write(bytes, to: url(path))
      tell(.written("written to \(Self.shown(url(path)))"))
    } catch { tell(.said("\(error)", .bad)) }
  }

  /// Where a file lies, one's own folder as `~`: a name alone does not tell.
  private static func shown(_ file: URL) -> String {
    let home = FileManager.default.homeDirectoryForCurrentUser.path + "/"
    let path = file.standardizedFileURL.path
    return path.hasPrefix(home) ? "~/" + path.dropFirst(home.count) : path
  }

  /// A file that is there already stays, unless it may be replaced.
  private func save(_ request: PictureRequest) {
    let target = url(request.path)
    guard request.replaces || !FileManager.default.fileExists(atPath: target.path) else {
      return tell(
        .said("\(request.path) is there already; :\(request.replacing) replaces it", .warning))
    }
    do {
      let format = Picture.Format(rawValue: request.ending) ?? .txt
      let bytes = try Picture(request.grid, theme: request.theme).bytes(as: format)
      try FileBytes.write(bytes, to: target)
      tell(.written("written to \(Self.shown(target))"))
    } catch { tell(.said("\(error)", .bad)) }
  }

  private func openModel(_ path: String) {
    do {
      if try openLoop(path) { return }
      let text = String(decoding: try FileBytes.read(url(path)), as: UTF8.self)
      tell(.model(try opened(text, at: url(path), path: path)))
    } catch { tell(.said("\(error)", .bad)) }
  }

  /// What a model file says, its data and fit too where it has them.
  private func opened(_ text: String, at place: URL, path: String) throws -> OpenedModel {
    let loader = ModelLoader(library: library)
    // A layer that does not fit is mended on Build.
    let file = try ModelLoader.read(
      text, at: place, named: place.lastPathComponent, seed: 0, keepsMisfits: true)
    // A model alone is welcome: it goes on with the data at hand.
    let settings = file.fit == nil ? nil : try loader.settings(file, RunOverrides())
    var opened = OpenedModel(
      model: settings?.model ?? file.description, data: settings?.data,
      epochs: settings?.epochs, batchSize: settings?.batchSize, path: path, source: text
    ).with(settings)
    if settings == nil { opened.initialWeights = file.initialWeights }
    return opened
  }

  /// A pasted program reads files from where the lab was started.
  private func readProgram(_ text: String) {
    let name = "pasted.py"
    do { tell(.program(try opened(text, at: url(name), path: name))) } catch {
      let first = "\(error)".split(separator: "\n").first.map(String.init) ?? "\(error)"
      tell(.programAlone(text, why: first))
    }
  }

  /// Runs a program that trains batch by batch, in a loop of its own, and opens what it trained. It
  /// runs where the lab trains: the screen goes on.
  /// - Returns: whether it is such a program.
  private func openLoop(_ path: String) throws -> Bool {
    let place = url(path)
    let text = String(decoding: try FileBytes.read(place), as: UTF8.self)
    let folder = ProgramFolder(place.deletingLastPathComponent())
    let name = place.lastPathComponent
    guard ModelFile.trainsByBatch(text, file: name, readFile: { try folder.read($0) }) else {
      return false
    }
    tell(.loopRuns(name))
    stopsLoop.store(false, ordering: .relaxed)
    lab.post { [recorder, unowned self] lab in
      let watch = LoopWatch(self.lab)
      do {
        let run = try ScriptHost.recordPasses(
          text, file: name, folder: folder, seed: 1,
          ScriptConsole(now: { LoopWatch.now }, write: { watch.note($0) })
        ) { passes in
          watch.tell(passes)
          return !self.stopsLoop.load(ordering: .relaxed)
        }
        lab.handle(.openPasses(run))
        recorder.leaveOut(lab)
        return [.loop(run)]
      } catch { return [.loopFailed("\(error)")] }
    }
    return true
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
        if let format = Self.exported(path) { lab.handle(.did(.exported(format))) }
        return [
          .written("weights of step \(session.position.step) written to \(Self.shown(target))")
        ]
      } catch { return [.said("\(error)", .bad)] }
    }
  }
}
