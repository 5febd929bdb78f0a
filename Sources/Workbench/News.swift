import Datasets
import Lessons
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// What comes back from outside: the run as it is now, replies, files read, things written.
package enum News: Sendable {
  /// Large: elsewhere, so that the others stay small.
  indirect case run(LabSnapshot)
  /// What the debugger answered, under the command as typed.
  case reply(command: String, lines: [String])
  /// Why the debugger cannot do what was typed, and the character that is at fault, from 0.
  case refused(command: String, why: String, at: Int?)
  case said(String, Toast.Kind)
  /// A file was written, and where it lies.
  case written(String)
  /// A model file was read.
  case model(OpenedModel)
  /// A pasted program was read, with its data and fit.
  case program(OpenedModel)
  /// What a pasted program fits its network to could not be had; the network can.
  case programAlone(String, why: String)
  /// Data that was read, and what is to be done to it.
  case dataset(Dataset, DataSpecification? = nil)
  /// The code of the network was written to this file.
  case saved(path: String, shown: String? = nil)
  /// What was worked on, as it was left or as a kept run had it.
  case workpiece(Workpiece)
  /// The files whose paths begin with this text, as they would be typed.
  case files(for: String, [String])
  /// A kept run is in the lab.
  case opened
  /// What the loop of a program trained is in the lab.
  case loop(PassRun)
  /// A program with a loop of its own runs; its run comes when it has ended, or why it did not end well.
  case loopRuns(String)
  /// How many passes it has made, and the last lines that it printed.
  case loopGoesOn(passes: Int, said: [String])
  case loopFailed(String)
  /// What Home and Runs list: the kept runs, the course.
  case home(HomeContents)
  /// What was read of kept runs.
  case readings([RunReading])
  /// What the lab says of a prediction of a lesson, or why it says nothing.
  case predicted(lesson: String, ask: String, Result<Readings, LessonFailure>)
  /// The usual mistake that gives a wrong answer.
  case diagnosed(WrongAnswer, words: String)
  /// A lesson's page has its run.
  case lessonRun(LessonRun)
  /// A lesson's page gets none, and why.
  case lessonWithoutRun(String)
  /// What a kept run has learned; nil where its record no longer says.
  case learned(number: Int, revision: Int, LearnedPicture?)
  /// What is worked on is a kept run's: a new one is trained with its settings.
  case trainsAgain
}

/// What a model file says.
package struct OpenedModel: Sendable {
  package var model: ModelDescription
  /// What its `fit` learns from, when it has one.
  package var data: TrainingData?
  package var epochs: Int?
  package var batchSize: Int?
  package var path: String
  package var source: String
  /// The callbacks that its program gives to `fit`, and the weights that it gives to the network.
  package var callbacks = RunCallbacks()
  package var initialWeights: [String: Tensor]?
  /// Whether its `fit` takes the examples in a new order each epoch.
  package var shuffles = true

  package init(
    model: ModelDescription, data: TrainingData?, epochs: Int?, batchSize: Int?, path: String,
    source: String
  ) {
    self.model = model
    self.data = data
    self.epochs = epochs
    self.batchSize = batchSize
    self.path = path
    self.source = source
  }

  /// The same with what else the settings of its run have.
  package func with(_ settings: RunSettings?) -> OpenedModel {
    var opened = self
    opened.callbacks = settings?.callbacks ?? RunCallbacks()
    opened.initialWeights = settings?.initialWeights
    opened.shuffles = settings?.shuffles ?? true
    return opened
  }
}

extension AppState {
  /// Takes news and says what is to be done outside because of them. What a file or a kept run
  /// puts in the place of the network is an edit.
  package mutating func receive(_ news: News) -> [Effect] {
    let name: String
    switch news {
    case .model(let opened): name = "opening \(opened.path)"
    case .program, .programAlone: name = "pasting a program"
    case .workpiece(let kept): name = "opening the run of \(kept.fileName)"
    // News of the run come many times a second.
    default: return take(news)
    }
    let before = Editable(self)
    let effects = take(news)
    noteEdit(since: before, named: name)
    return effects
  }

  /// Goes to Build with a network that was opened; a layer that does not fit is chosen, and the ways
  /// out stand beside it.
  private mutating func showOpened(_ path: String) -> [Effect] {
    let blueprint = Blueprint(workpiece)
    guard let failure = blueprint.failure, let line = blueprint.failingLine else {
      say("\(path) is open", .good)
      return go(to: .build)
    }
    let effects = go(to: .build)
    choose(line: line)
    focus[.build] = "layers"
    let file = path.split(separator: "/").last.map(String.init) ?? path
    say("\(file) is open; \(failure.name) does not fit yet: Enter takes a way out", .warning)
    return effects
  }

  /// Goes to Train with what a program's loop trained. Build keeps what one worked on: a loop may have
  /// many networks.
  private mutating func showLoop(_ run: PassRun) -> [Effect] {
    train.program = nil
    train.opened = workpiece
    train.startAgain()
    // One who went elsewhere meanwhile is not called away.
    let isAwaited = screen == .train
    if isAwaited { (isZoomed, overlay, field) = (false, nil, nil) }
    let networks = Words.count(run.networks.count, "network")
    say(
      "\(run.name) trained \(networks) in \(Words.count(run.passes.count, "pass")); "
        + (isAwaited ? "each step here is one pass" : "4 Train shows it")
        + (run.shortness.map { "; " + $0 } ?? ""), .good)
    return [.lab(.look(interest))]
  }

  private mutating func take(_ news: News) -> [Effect] {
    switch news {
    case .run(let snapshot):
      let (run, stop) = (lab.runNumber, lab.stop)
      receive(snapshot)
      let looking = lookAtStop(before: stop)
      // Another run may take other inputs: what is drawn is put to it anew, and a lesson's example.
      let asks = question != nil || screen == .learn && PageNetwork.isShown(self)
      let asking: [Effect] = run != lab.runNumber && asks ? [.lab(.look(interest))] : []
      let closing = run != lab.runNumber ? CloseUpKeys.closeLost(&self) : []
      let settling = CloseUpKeys.settle(&self)
      return tourNews() + judgeWaiting() + lessonNews() + asking + closing + settling + looking
        + releaseEvents()
    case .reply(let command, let lines):
      if isSaidElsewhere(lines, to: command) { return [] }
      let caution = Self.isWhatIf(command) ? settingCaution(of: command) : ""
      let lines = caution.isEmpty ? lines : lines.dropLast() + lines.suffix(1).map { $0 + caution }
      // A message wraps; only what is longer than two lines of it lies over the screen.
      if lines.count == 1 && lines[0].count < 2 * (size.width - 12) {
        messages.reply(Toast(lines[0], .news), now: now, telling: ToldPlace(lines[0]))
      } else if !lines.isEmpty {
        overlay = .reader(Reader(command, lines))
      }
    case .refused(let command, let why, let place): takeRefusal(of: command, why, at: place)
    case .said(let text, let kind): say(text, kind)
    case .written(let text): sayUntilKey(text)
    case .lessonRun(let run): receive(run)
    case .lessonWithoutRun(let why):
      learn.awaitedRuns = max(0, learn.awaitedRuns - 1)
      learn.heldEvents = []
      say(why, .bad)
    case .predicted(let lesson, let ask, let result):
      return receive(prediction: result, of: ask, in: lesson)
    case .diagnosed(let answer, let words): receive(diagnosis: words, of: answer)
    case .model(let opened):
      forgetLessonWorkpiece()
      workpiece.model = opened.model
      workpiece.fileName = opened.path
      workpiece.source = opened.source
      workpiece.isSaved = true
      (workpiece.callbacks, workpiece.initialWeights) = (opened.callbacks, opened.initialWeights)
      if let data = opened.data {
        workpiece.dataset = Dataset(of: data, in: opened)
        workpiece.preparation.unseenShare = 0
      }
      if let epochs = opened.epochs { workpiece.epochs = epochs }
      if let batchSize = opened.batchSize { workpiece.batchSize = batchSize }
      if opened.data != nil { workpiece.shuffles = opened.shuffles }
      return showOpened(opened.path)
    case .program(let opened): takeProgram(opened)
    case .programAlone(let text, let why): takeNetwork(of: text, why)
    case .dataset(let dataset, let options):
      return receive(dataset: dataset, options: options)
    case .opened:
      // The run is on its way: a screen that finds none yet makes none of its own.
      return go(to: .train).filter { effect in
        if case .lab(.open(_)) = effect { false } else { true }
      }
    case .loop(let run): return showLoop(run)
    case .loopRuns(let name):
      train.program = RunningLoop(name: name, since: now)
    case .loopGoesOn(let passes, let said):
      train.program?.passes = passes
      train.program?.said = said
    case .loopFailed(let why):
      train.program = nil
      say(why, .bad)
    case .files(let text, let paths): receive(files: paths, for: text)
    case .workpiece(let kept):
      forgetLessonWorkpiece()
      workpiece = kept
    case .home(let contents):
      let isFirst = home.contents.lessons.isEmpty
      home.contents = contents
      home.contents.lessons = learn.lessons.isEmpty ? contents.lessons : learn.summaries
      home.received = now
      if isFirst { chooseLessonAtHand() }
      home.openRun = contents.openRun
      arrangeRuns()
      return readRuns()
    case .readings(let readings): receive(readings)
    case .learned(let number, let revision, let picture):
      runs.askedLearned[number] = nil
      runs.learned[number] = (revision, picture)
    case .trainsAgain: return trainWorkpieceAnew()
    case .saved(let path, let shown):
      workpiece.fileName = path
      workpiece.isSaved = true
      edits.save()
      sayUntilKey("written to \(shown ?? path)")
    }
    return []
  }
}
