import TerminalGraphics

/// The parts of the Train screen.
enum TrainPart: String, CaseIterable, Sendable {
  case loss, accuracy, rates, happened, learned, fit, confusion, classes, worst, layers, settings,
    run

  /// As the title of the panel names it.
  var title: String {
    switch self {
    case .loss: "Loss"
    case .accuracy: "Accuracy"
    case .rates: "Rates"
    case .happened: "What happened"
    case .learned: "What it has learned"
    case .fit: "Said and true"
    case .confusion: "Confusion"
    case .classes: "Right, by class"
    case .worst: "Unseen, worst first"
    case .layers: "Layers"
    case .settings: "Settings"
    case .run: "Run"
    }
  }
}

/// Where the parts lie. A place may belong to several parts: it shows the focused one of them, else
/// the first, so that what a small window leaves out is a Tab away.
struct TrainLayout {
  /// What the data allows to be shown.
  enum Kind: Hashable, Sendable {
    /// Two inputs: the output over their plane.
    case plane
    /// Classes of anything else.
    case classes
    /// Numbers to be predicted.
    case numbers
  }

  struct Slot: Sendable {
    let parts: [TrainPart]
    let area: Rect

    init(_ area: Rect, _ parts: TrainPart...) {
      self.init(area, parts: parts)
    }

    init(_ area: Rect, parts: [TrainPart]) {
      self.parts = parts
      self.area = area
    }
  }

  let slots: [Slot]

  /// - Parameter hasAccuracy: whether the share right is counted; else it has no panel.
  init(_ kind: Kind, classCount: Int, in area: Rect, isCompact: Bool, hasAccuracy: Bool = true) {
    let runHeight = isCompact ? 3 : 5
    let rest = area.trimmed(bottom: runHeight)
    let run = Slot(
      Rect(area.x, area.bottom - runHeight, area.width, runHeight), .run)
    let others: [Slot]
    if area.height < 20 || area.width < 76 {
      others = Self.small(kind, rest)
    } else if isCompact {
      others = Self.compact(kind, rest)
    } else {
      others = kind == .classes ? Self.classes(classCount, rest) : Self.full(kind, rest)
    }
    slots = (others + [run]).map { slot in
      Slot(slot.area, parts: slot.parts.filter { hasAccuracy || $0 != .accuracy })
    }
  }

  /// Two places, for windows down to 60 × 16.
  private static func small(_ kind: Kind, _ area: Rect) -> [Slot] {
    // Ten classes with two digits each are 36 columns.
    let parts =
      kind == .classes
      ? area.columns(.share(1), .cells(36)) : area.columns(.share(1), .share(1))
    switch kind {
    case .plane:
      return [
        Slot(parts[0], .loss, .accuracy, .rates, .happened),
        Slot(parts[1], .learned, .layers, .settings),
      ]
    case .classes:
      return [
        Slot(parts[0], .loss, .accuracy, .rates, .happened, .worst),
        Slot(parts[1], .confusion, .classes, .layers, .settings),
      ]
    case .numbers:
      return [Slot(parts[0], .loss, .rates, .happened), Slot(parts[1], .fit, .layers, .settings)]
    }
  }

  private static func compact(_ kind: Kind, _ area: Rect) -> [Slot] {
    if kind == .classes {
      let sides = area.columns(.share(39), .share(41))
      let left = sides[0].rows(.share(10), .share(9))
      let right = sides[1].rows(.share(13), .share(6))
      return [
        Slot(left[0], .loss, .accuracy, .rates, .happened), Slot(right[0], .confusion, .classes),
        Slot(left[1], .worst), Slot(right[1], .layers, .settings),
      ]
    }
    let rows = area.rows(.share(12), .share(7))
    let top = rows[0].columns(.share(50), .share(30))
    let bottom = rows[1].columns(.share(38), .share(42))
    let picture: TrainPart = kind == .plane ? .learned : .fit
    return [
      kind == .plane
        ? Slot(top[0], .loss, .accuracy, .rates, .happened)
        : Slot(top[0], .loss, .rates, .happened),
      Slot(top[1], picture), Slot(bottom[0], .layers), Slot(bottom[1], .settings),
    ]
  }

  private static func full(_ kind: Kind, _ area: Rect) -> [Slot] {
    let low = area.height > 36 ? area.height * 2 / 5 : min(13, max(9, area.height * 45 / 100))
    let rows = area.rows(.share(1), .cells(low))
    let top = rows[0].columns(.share(76), .share(44))
    let bottom = rows[1].columns(.share(50), .share(26), .share(44))
    return [
      kind == .plane
        ? Slot(top[0], .loss, .accuracy, .happened) : Slot(top[0], .loss, .happened),
      Slot(top[1], kind == .plane ? .learned : .fit),
      Slot(bottom[0], .layers), Slot(bottom[1], .rates), Slot(bottom[2], .settings),
    ]
  }

  private static func classes(_ count: Int, _ area: Rect) -> [Slot] {
    let low = max(7, min(14, area.height * 28 / 100))
    let rows = area.rows(.share(1), .cells(low))
    let top = rows[0].columns(
      .share(46), .cells(max(36, area.width * 38 / 120)), .share(36))
    let bottom = rows[1].columns(.share(78), .share(42))
    let curves = top[0].rows(.share(12), .share(9))
    // Headings, a sentence and the frame around the matrix; what is left goes to the bars.
    let matrixHeight = min(top[1].height, max(9, count + 5))
    let judged = top[1].rows(.cells(matrixHeight), .share(1))
    let middle =
      judged[1].height >= 4
      ? [Slot(judged[0], .confusion), Slot(judged[1], .classes)]
      : [Slot(top[1], .confusion, .classes)]
    return [Slot(curves[0], .loss), Slot(curves[1], .accuracy, .rates, .happened)] + middle
      + [Slot(top[2], .worst), Slot(bottom[0], .layers), Slot(bottom[1], .settings)]
  }

  /// The places as the screen lays them out.
  var places: [PanelPlace] {
    slots.map { PanelPlace($0.parts.map(\.rawValue), $0.area) }
  }
}
