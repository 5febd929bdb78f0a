import TerminalGraphics
import Training

extension AppState {
  /// Takes an event and says what is to be done outside; an edit can be undone afterwards.
  package mutating func handle(_ event: Event) -> [Effect] {
    hold(event) ?? handleNow(event)
  }

  /// The same, whether or not the page of a lesson has its run yet.
  mutating func handleNow(_ event: Event) -> [Effect] {
    // News come many times a second and edit nothing by themselves.
    if case .wake = event { return askForFiles() + readRuns() }
    let before = Editable(self)
    messages.beginAnswer()
    let locked = locks.isEmpty ? nil : self
    var effects = take(event) + askForFiles() + readRuns()
    if let locked { effects = keepLocks(locked, effects) }
    // A request would be done to the run that is still to come.
    if let why = whyNoOwnRun, effects.contains(where: \.awaitsLoop) {
      effects.removeAll(where: \.awaitsLoop)
      say(why, .warning)
    }
    messages.endAnswer()
    if effects.contains(where: \.isRequest) { saidFailure = nil }
    let isTravel = edits.isTravelling
    noteEdit(since: before)
    noteCause(of: effects, isTravel: isTravel, isEdit: !before.isSame(as: Editable(self)))
    return effects
  }

  private mutating func take(_ event: Event) -> [Effect] {
    switch event {
    case .resize(let size):
      self.size = size
      return []
    case .key(let key, let modifiers):
      messages.noteKey()
      return take(KeyStroke(key, modifiers))
    case .paste(let text): return paste(text)
    case .mouse(let mouse):
      home.hasPointed = true
      messages.noteKey()
      return point(mouse)
    case .leave: return [.quit]
    case .wake, .redraw, .background: return []
    }
  }

  /// A key with Alt, which nothing is bound to, is Escape and that key typed before the first was
  /// read: on a slow line, or while the machine has much to do.
  private mutating func take(_ stroke: KeyStroke) -> [Effect] {
    guard stroke.modifiers.contains(.alt) else { return press(stroke) }
    return press(KeyStroke(.escape))
      + press(KeyStroke(stroke.key, stroke.modifiers.subtracting(.alt)))
  }

  /// Takes news of the run.
  package mutating func receive(_ snapshot: LabSnapshot) {
    let isOther = snapshot.runNumber != lab.runNumber
    let before = self
    let earlier = lab
    noteArrival(snapshot)
    lab = snapshot
    awaitsKeptRun = false
    build.meter.note(snapshot, at: now)
    if isOther {
      step = StepState(after: step)
      // What is made of the lesson's network is the page's run, by whatever way; on other data it is
      // not.
      let isOnSameData =
        earlier.runNumber == learn.runNumber
        && earlier.settings?.data.name == snapshot.settings?.data.name
      if learn.page != nil, learn.own != nil, !isAwaitingRun, learn.isFree || isOnSameData {
        takeLessonRun(snapshot)
      }
    }
    // News come many times a second: a failure is said once for each request.
    if let failure = snapshot.failure, failure != saidFailure { say(failure, .warning) }
    saidFailure = snapshot.failure
    if snapshot.commanded != earlier.commanded, before.runIsCurrent { followRun() }
    // What sets a page up is no edit.
    if lab.pageNumber == earlier.pageNumber {
      noteRevision(since: before)
    }
    noteCallbacks(before: earlier, isOther: isOther)
    // On the way back to where a run stood its branches grow again: nobody asks what if.
    if !isOther, !earlier.isReturning { noteBranches(since: before) }
    noteQuestion(before: earlier.asked)
    noteStop(before: earlier.stop)
    if earlier.activity == .training, !isOther { noteEnd() }
    noteKept()
  }

  mutating func press(_ stroke: KeyStroke) -> [Effect] {
    pointer.entry = nil
    if isTooSmall {
      return stroke == KeyStroke("q") || stroke == .control("c") ? [.quit] : []
    }
    if field != nil { return pressWhileAnswering(stroke) ?? type(stroke) }
    if overlay != nil { return pressOverlay(stroke) }
    if isEditingCode { return typeCode(stroke) }
    if searchHere?.isTyping ?? false { return typeSearch(stroke) }
    if let effects = pressTour(stroke) { return effects }
    // An upper-case letter may come with or without shift.
    let plain = KeyStroke(stroke.key, stroke.modifiers.subtracting(.shift))
    for candidate in stroke == plain ? [stroke] : [stroke, plain] {
      if let binding = bindings.first(where: { $0.keys.contains(candidate) }) {
        return binding.run(&self)
      }
    }
    return current.handle(stroke, &self) ?? []
  }

  /// Everything that can be done now: the screen's own first, then what holds everywhere but for
  /// keys to which the screen gives a meaning of its own.
  package var bindings: [Binding] {
    let own = screenBindings
    // Where a lesson keeps controls, the way out of it is at hand, before what else has its key.
    let lesson = locks.isEmpty ? [] : [LearnScreen.sandboxBinding(hint: false)]
    let out = Set(lesson.flatMap(\.keys))
    let all = lesson + own.filter { out.isDisjoint(with: $0.keys) }
    let taken = Set(all.flatMap(\.keys))
    return all + Binding.everywhere.compactMap { $0.without(taken) }
  }

  /// What can be done on this screen; while a search is on, its keys come before the screen's own.
  var screenBindings: [Binding] {
    let searching = searchBindings
    let taken = Set(searching.flatMap(\.keys))
    return searching + current.bindings(self).filter { taken.isDisjoint(with: $0.keys) }
  }

  // MARK: Typing

  private mutating func paste(_ text: String) -> [Effect] {
    if var open = field {
      let line = text.prefix { !$0.isNewline }
      if open.isReplaced { open.text = "" }
      open.isReplaced = false
      open.line.insert(String(line), allows: open.allows)
      field = open
      return []
    }
    if case .palette(var palette) = overlay {
      palette.line.insert(String(text.prefix { !$0.isNewline }))
      overlay = .palette(palette)
      return []
    }
    if searchHere?.isTyping ?? false { return pasteIntoSearch(text) }
    if screen == .build { return BuildScreen.paste(text, &self) }
    guard ["keras", "layers.", "Sequential(", "Dense("].contains(where: { text.contains($0) })
    else {
      say("a paste goes where one types: Keras code on 3 Build, a command at :", .warning)
      return []
    }
    let going = go(to: .build)
    return going + BuildScreen.paste(text, &self)
  }
}
