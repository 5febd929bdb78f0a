import Datasets
import Tensors
import TerminalGraphics
import Training

/// The panel that an open view is drawn in.
enum CloseUpPanel {
  static let id = "closeup"

  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    guard let open = view.state.openCloseUp else { return }
    let kind = ViewCatalog.view(open.interest.kind)
    let layer = open.interest.layer
    let name = view.lab.closeUp.map { kind.title($0) } ?? kind.name
    let title = layer.isEmpty ? name : "\(layer): \(name)"
    guard let picture = view.lab.closeUp, let extent = kind.extent(picture) else {
      let inside = view.box(title, on: &grid)
      grid.writeWrapped(.secondary(whyEmpty(view.lab.closeUp)), in: inside)
      return
    }
    let inside = view.box(
      title, detail: detail(view, title), note: note(kind, extent, view), on: &grid)
    kind.draw(
      CloseUpLook(
        state: view.state, picture: picture, interest: open.interest, area: inside), on: &grid)
  }

  private static func whyEmpty(_ picture: CloseUpPicture?) -> String {
    if case .none(let reason)? = picture {
      return reason.prefix(1).uppercased() + reason.dropFirst() + "."
    }
    return "The view comes with the next news of the run."
  }

  /// `example 12, is 3`; on Step the place in the batch.
  private static func detail(_ view: PanelView, _ title: String) -> StyledText {
    guard let open = view.state.openCloseUp, open.interest.kind != .embedding else { return "" }
    let example = open.interest.example
    let words: [StyledText]
    if case .outputs(let outputs)? = view.lab.closeUp, let first = outputs.rows.first {
      let unseen = view.lab.settings?.data.validation == nil ? "" : "unseen "
      let span = "\(first)–\(outputs.rows.last ?? first)"
      words = [.secondary("\(unseen)examples \(span)"), .secondary(span)]
    } else if open.interest.isOfStep {
      let place = view.lab.moment?.lens?.place ?? example
      words = [.secondary("example \(place) of this batch"), .secondary("example \(place)")]
    } else {
      let label = view.state.className(ofRow: example).map { ", is \($0)" } ?? ""
      let unseen = view.lab.settings?.data.validation == nil ? "" : "unseen "
      let order = open.gallery.flatMap { gallery in
        gallery.rows.firstIndex(of: example).map {
          "\(gallery.order), \(NumberFormat.integer($0 + 1)) of "
            + NumberFormat.integer(gallery.rows.count)
        }
      }
      words =
        (order.map { order in
          ["\(order) · \(unseen)example \(example)\(label)", "\(order) · \(example)\(label)"]
            .map { StyledText.secondary($0) }
        } ?? []) + [
          .secondary("\(unseen)example \(example)\(label)"),
          .secondary("example \(example)\(label)"),
          .secondary("\(example)\(label)"),
        ]
    }
    return Fitting.detail(words, beside: title, in: view.area)
  }

  /// The keys that move in it.
  private static func note(
    _ kind: any CloseUpView.Type, _ extent: CloseUpExtent, _ view: PanelView
  ) -> StyledText {
    var parts: [StyledText] = []
    if kind.kind == .embedding || (extent.rows > 1 && extent.columns > 1) {
      parts.append(.accent("←↑↓→") + .secondary(" " + kind.moves))
    } else if extent.columns > 1 || extent.rows > 1 {
      parts.append(
        .accent(extent.columns > 1 ? "← →" : "↑ ↓") + .secondary(" " + kind.moves))
    }
    if extent.parts > 1, !kind.part.isEmpty {
      parts.append(.accent("PgUp PgDn") + .secondary(" " + kind.part))
    }
    let all = StyledText.joined(parts)
    return all.width + 6 <= view.area.width ? all : parts.first ?? StyledText()
  }
}

extension AppState {
  /// The class of an unseen (else a training) example, nil where it has none.
  func className(ofRow row: Int) -> String? {
    guard let data = lab.settings?.data, data.classes.count > 1 else { return nil }
    let targets = (data.validation ?? data.training).targets
    let count = targets.shape.extents.first ?? 0
    guard row < count else { return nil }
    let own = targets.scalars[row * (targets.count / count)..<(row + 1) * (targets.count / count)]
    let number =
      own.count == 1
      ? own.first?.classNumber
      : own.count == data.classes.count
        ? own.indices.max { own[$0] < own[$1] }.map { $0 - own.startIndex } : nil
    return number.flatMap { data.classes[safe: $0] }
  }
}
