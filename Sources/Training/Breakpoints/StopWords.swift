import Autodiff
import Datasets
import Tensors

/// What there is to say of a stop, by the session that stands there.
struct StopWords {
  let session: Session
  let doings: Doings

  func stop(_ meetings: [Meeting], _ breakpoints: [Breakpoint]) -> Stop {
    var told: Set<Int> = []
    let reasons = meetings.compactMap { meeting -> Stop.Reason? in
      let breakpoint = breakpoints[meeting.breakpoint]
      guard told.insert(breakpoint.number).inserted else { return nil }
      return reason(breakpoint, meeting)
    }
    let place = meetings.lazy.compactMap {
      StopPlaceFinder(session: session).place(breakpoints[$0.breakpoint], $0)
    }.first
    return Stop(
      position: session.position, step: session.shownPass?.step ?? session.shownStep,
      place: place, units: meetings.lazy.compactMap { UnitMap($0, in: session) }.first,
      reasons: reasons)
  }

  private func reason(_ breakpoint: Breakpoint, _ meeting: Meeting) -> Stop.Reason {
    let words: [String] =
      switch breakpoint.trigger {
      case .place(_, let condition): condition.map { values(in: $0) } ?? []
      case .condition(let condition): values(in: condition)
      case .watch(let expression, _):
        [
          "\(expression.source) was \(meeting.old?.said ?? "not known"), "
            + "is \(meeting.new?.said ?? "not known")"
        ]
      case .sickness(let sickness): sentences(sickness, meeting)
      }
    return Stop.Reason(
      number: breakpoint.number, what: breakpoint.what, old: meeting.old?.words,
      new: meeting.new?.words, words: words)
  }

  // MARK: Conditions

  /// `norm(dense/kernel.grad) = 12.5, epoch = 3`: what is compared, with its numbers.
  private func values(in condition: RunExpression) -> [String] {
    let scope = SessionScope(session, doings: doings)
    var parts: [String] = []
    for node in condition.root.compared {
      guard let value = try? ExpressionEvaluator(scope: scope).value(node), !node.isConstant else {
        continue
      }
      if case .tensor = value { continue }
      let text = "\(node.text) = \(ValueText.said(value))"
      if !parts.contains(text) { parts.append(text) }
    }
    return parts.isEmpty ? [] : [parts.joined(separator: ", ")]
  }

  // MARK: Sicknesses

  private func sentences(_ sickness: Sickness, _ meeting: Meeting) -> [String] {
    switch sickness {
    case .nan: return UnsoundOrigin.first(in: session)?.sentences ?? []
    case .deadReLU:
      return [
        "\(added(meeting)): relu gives 0 for each of the \(session.settings.data.training.count) "
          + "training examples, so that no gradient comes back"
      ]
    case .saturation:
      return ["\(added(meeting)): at an end for 95 % of the batch, where the slope is almost 0"]
    case .vanishing: return vanishing
    case .exploding(let limit):
      let norm = number("gradient_norm")
      return ["the gradient of all weights is \(norm) long, more than \(ValueText.number(limit))"]
    case .ratio(let low, let high):
      let band = "\(ValueText.number(low)) to \(ValueText.number(high))"
      return [
        "the update moved the weights by \(number("update_ratio")) of their length, not \(band)"
      ]
    case .lossUp(let times):
      let losses = session.history.steps[...min(meeting.number, session.history.steps.count - 1)]
        .suffix(times + 1).map { ValueText.number($0.loss) }
      let rose = times == 1 ? "the loss rose" : "the loss rose \(times) times in a row"
      guard session.passRun == nil else { return [rose] }
      return [rose + ": " + losses.joined(separator: ", ")]
    case .plateau: return turn(.plateau)
    case .overfit: return turn(.overfitting)
    case .flips(let row):
      return [
        "training example \(row) was \(named(meeting.old)), is \(named(meeting.new)); "
          + "right is \(session.targetName(ofRow: row))"
      ]
    }
  }

  private func number(_ name: String) -> String {
    let scope = SessionScope(session, doings: doings)
    guard let value = try? RunExpression(name).value(in: scope) else { return "not known" }
    return ValueText.said(value)
  }

  /// The units that were not sick before.
  private func added(_ meeting: Meeting) -> String {
    guard case .units(let now)? = meeting.new else { return "" }
    guard case .units(let before)? = meeting.old else { return UnitPlace.words(now) }
    return UnitPlace.words(now.filter { !before.contains($0) })
  }

  /// The layers with the shortest and the longest gradient.
  private var vanishing: [String] {
    let plan = session.plan
    let sizes = plan.parameters.filter { $0.shape.rank > 1 }.compactMap {
      weight -> (name: String, size: Double)? in
      guard let gradient = plan.gradients[weight] else { return nil }
      return (plan[weight].name, session.execution.extremes(ofGradients: [gradient]).most)
    }
    guard let least = sizes.min(by: { $0.size < $1.size }),
      let most = sizes.max(by: { $0.size < $1.size })
    else { return [] }
    return [
      "the gradient of \(least.name) is \(ValueText.number(Float(least.size))) in the root mean "
        + "square, that of \(most.name) \(ValueText.number(Float(most.size)))"
    ]
  }

  private func turn(_ kind: History.Turns.Kind) -> [String] {
    guard
      let turn = session.history.turns.all.last(where: {
        $0.kind == kind
          && session.history.end(ofEpoch: $0.epoch, stepsPerEpoch: session.stepsPerEpoch)
            <= session.position.step
      })
    else { return [] }
    let (before, after) = (turn.before, turn.after)
    let losses = "loss \(ValueText.number(before.loss)) → \(ValueText.number(after.loss))"
    guard kind == .overfitting, let old = before.validationLoss, let new = after.validationLoss
    else { return ["the loss is level for \(History.Turns.span) epochs: \(losses)"] }
    return [
      "it learns by heart: \(losses), on examples held back "
        + "\(ValueText.number(old)) → \(ValueText.number(new))"
    ]
  }

  private func named(_ seen: Observation?) -> String {
    guard case .number(let place)? = seen else { return "not known" }
    return session.className(Int(place))
  }
}

extension ValueText {
  /// Most numbers are Float32 that were only passed on.
  static func number(_ value: Double) -> String { text(.number(value)) }
}

extension Session {
  func className(_ place: Int) -> String {
    let classes = settings.data.classes
    return classes.indices.contains(place) ? classes[place] : "class \(place)"
  }

  /// What a training example should be.
  func targetName(ofRow row: Int) -> String {
    let target = part.training.rows([row]).targets.scalars
    let place = target.count == 1 ? target[0].classNumber : PredictedClass.of(target)
    return place.map { className($0) } ?? "not known"
  }
}
