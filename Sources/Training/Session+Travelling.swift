import Autodiff
import NeuralNets
import Tensors

// Any moment of the run: back by a checkpoint and replay, forwards by training on.

extension Session {
  /// Moves by units, forwards if `count` is positive; stops at the start of the run. Forwards it
  /// trains on beyond what was recorded.
  package func move(_ count: Int, by unit: MoveUnit, listing: Listing? = nil) {
    for _ in 0..<abs(count) {
      guard mayGoOn else { return }
      // Backwards from where a step begins goes the way through the end of the one before.
      if count < 0, execution.position == 0, done > 0 { go(to: position) }
      let stops = plan.stops(unit, listing: listing ?? .standard(plan))
      let length = plan.instructions.count
      let here = position
      let target: Position
      if unit == .step || unit == .epoch {
        target = wholeStep(from: here, isEpoch: unit == .epoch, forwards: count > 0)
      } else if unit == .pass {
        target = moment(max(0, count > 0 ? done + 1 : done - (here.instruction > 0 ? 0 : 1)))
      } else if count > 0 {
        target = moment(done, nextStop(unit, stops, after: here.instruction))
      } else if let before = stops.last(where: { $0 < here.instruction }) {
        target = moment(done, before)
      } else if passes != nil {
        guard done > 0 else { return }
        target = moment(done - 1, stops.last { $0 < length } ?? 0)
      } else if here.step == firstStep, here.step > 0 {
        // The step before is one of other settings, with a listing of its own.
        go(to: Position(step: here.step - 1))
        let before = plan.stops(unit, listing: .standard(plan)).last {
          $0 < plan.instructions.count
        }
        target = Position(step: here.step - 1, instruction: before ?? 0)
      } else if here.step > 0 {
        let before = stops.last { $0 < length } ?? 0
        target = Position(step: here.step - 1, instruction: before)
      } else {
        return
      }
      // At the start of the run there is no way back, however often it is asked for.
      guard target != here else { return }
      go(to: target)
    }
  }

  /// Where a move forwards stops; of the next pass, which may have another plan, where that says.
  private func nextStop(_ unit: MoveUnit, _ stops: [Int], after instruction: Int) -> Int {
    guard let passes, instruction == 0, !isFinished, execution.isDone else {
      return stops.first { $0 > instruction } ?? plan.instructions.count
    }
    let next = passes.plan(ofPass: done)
    return next.stops(unit, listing: .standard(next)).first { $0 > 0 } ?? 0
  }

  private func wholeStep(from here: Position, isEpoch: Bool, forwards: Bool) -> Position {
    guard isEpoch, passes == nil else {
      let begun = here.instruction > 0 || here.pass > 0
      return Position(step: forwards ? here.step + 1 : max(0, here.step - (begun ? 0 : 1)))
    }
    // An epoch ends where the settings change, and epochs of other settings are longer or shorter.
    let isBefore = !forwards && here.step == firstStep && here.instruction == 0 && place > 0
    let settings = isBefore ? parts[place - 1].settings : self.settings
    let origin = settings.origin.step
    let begin = isBefore ? parts[place - 1].firstStep : firstStep
    let stride = settings.stepsPerEpoch
    let done = here.step - origin
    if forwards {
      let end = origin + (done / stride + 1) * stride
      let next = parts.indices.contains(place + 1) ? parts[place + 1].firstStep : end
      return Position(step: min(end, next))
    }
    let begun = here.instruction > 0 || done % stride != 0
    return Position(step: max(begin, origin + (done / stride - (begun ? 0 : 1)) * stride, 0))
  }

  /// Goes to any moment, back by a checkpoint and replay, forwards by training on, at most to where a
  /// callback ends the run: the next move goes beyond that.
  /// Instructions beyond the end of a step mean its end.
  package func go(to target: Position) {
    precondition(target.step >= 0 && target.instruction >= 0)
    // What a program's loop did not do is not there to be gone to.
    let isBeyond = passes.map { self.number(of: target) >= $0.run.passes.count } ?? false
    let target = isBeyond ? self.end : target
    let number = number(of: target)
    // The end of a step is where the execution stands after it; the start of a part has none.
    let isEnd =
      target.instruction == 0 && number > 0
      && number != parts[place(ofStep: number)].firstStep
    let wantedStep = isEnd ? number - 1 : number
    let isHere = place(ofStep: wantedStep) == place
    var wanted = isEnd ? plan.instructions.count : min(target.instruction, plan.instructions.count)
    // What was set by hand at the end of the step is not undone by taking instructions back.
    let isAsLeft =
      !execution.isDone
      || !part.averagings.contains(step + 1) && !part.skips.contains(step)
        && part.carriedStarts[step + 1] == nil && part.restorings[step + 1] == nil
        && !weightChanges.contains { $0.step == step + 1 }
        && passes?.isChanged(afterPass: step) != true
    if wantedStep == step, wanted < execution.position, isAsLeft {
      while execution.position > wanted && execution.canRetreat { execution.retreat() }
      if execution.position == wanted { return }
    }
    if !isHere || wantedStep < step || (wantedStep == step && wanted < execution.position) {
      restore(before: wantedStep)
    } else if wantedStep > step {
      // A step done in part ends at full speed; a checkpoint nearer to the target saves work.
      if keptStep(atOrBefore: wantedStep) > step { restore(before: wantedStep) }
    }
    replay(toStep: wantedStep)
    guard step == wantedStep else { return }
    // Another batch, or other settings, have another plan.
    let length = plan.instructions.count
    wanted = isEnd ? length : min(target.instruction, length)
    while execution.position < wanted { advance() }
    if execution.isDone {
      finishStep()
      applyChanges(toStep: step + 1)
      enterNextPart()
    }
  }

  /// Goes back to where so many instructions of the step whose numbers are shown were done.
  func goBackInStep(to instruction: Int) {
    guard execution.isDone, (1..<plan.instructions.count).contains(instruction) else { return }
    go(to: moment(shownStep, instruction))
  }

  /// Runs the step at hand again, saving what it overwrites, if it ran at full speed: so that one
  /// sees what its updates did and can take them back.
  package func rearm() {
    guard execution.position > 0, !execution.canRetreat else { return }
    let wanted = execution.position
    let here = step
    restore(before: here)
    replay(toStep: here)
    while execution.position < wanted { advance() }
    if execution.isDone { applyChanges(toStep: here + 1) }
  }

  /// Runs at full speed until a later step is begun and nothing of it done, or to where a callback
  /// ends the run: that it was ended there is known from then on, and the next move goes beyond.
  func replay(toStep wanted: Int) {
    while step < wanted, mayGoOn {
      guard !execution.isDone else {
        beginStep(step + 1)
        continue
      }
      let isNew = step == history.count
      trainStep()
      if isNew, part.stop == done { return }
    }
  }

  /// Restores the nearest checkpoint at or before a step and begins the step it belongs to.
  func restore(before target: Int) {
    if let passes {
      let near = passes.keptPass(atOrBefore: target)
      passes.restore(near)
      meter.forget()
      return beginStep(near)
    }
    enter(place(ofStep: target))
    recall(atOrBefore: target)
    guard let near = part.checkpoints.nearest(atOrBefore: target) else {
      preconditionFailure("the start of the run is always kept")
    }
    part.checkpoints.restore(step: near, into: part.state)
    meter.forget()
    beginStep(near)
  }
  // MARK: Parts

  /// Which part a step belongs to.
  func place(ofStep step: Int) -> Int {
    parts.lastIndex { $0.firstStep <= step } ?? 0
  }

  /// Puts another part in the place of the one at hand; whoever calls it restores a checkpoint.
  func enter(_ index: Int) {
    guard index != place, parts.indices.contains(index) else { return }
    (part, place) = (parts[index], index)
    meter.forget()
  }

  /// Where one part ends the next begins, with its own memory.
  func enterNextPart() {
    let next = place + 1
    guard execution.isDone, parts.indices.contains(next), parts[next].firstStep == step + 1 else {
      return
    }
    restore(before: step + 1)
  }

  // MARK: Looking

  package var digest: Digest {
    if let known = digestAtBeginning, known.step == shownStep, execution.position == 0 {
      return known.digest
    }
    // Between steps nothing of the next one is written: the state alone counts, so that a moment
    // has one digest whichever way one came to it.
    let isBegun = execution.position == 0 && shownStep > firstStep && passes == nil
    guard !execution.isDone && !isBegun else {
      var digest = Digest()
      digest.add(UInt64(bitPattern: Int64(done)))
      digest.add(0)
      if let passes {
        passes.add(to: &digest)
        return digest
      }
      digest.add(part.state.base, count: plan.arenaSizes.state)
      return digest
    }
    return execution.digest()
  }
}
