import Datasets
import Tensors
import TerminalGraphics
import Training

/// The ways in which a data set is shown beside the list.
enum DataView: String, CaseIterable, Sendable {
  case plot, columns, pairs, classes, advice

  /// As the strip above the picture names it.
  func title(_ preview: DataPreview) -> String {
    switch self {
    case .plot:
      preview.dataset.imageShape != nil
        ? "pictures" : preview.dataset.vocabulary != nil ? "text" : "plot"
    case .classes: preview.dataset.task.classes == nil ? "target" : "classes"
    default: rawValue
    }
  }
}

/// The names of the views in one line, the chosen one bright.
struct ViewStrip {
  let preview: DataPreview
  let chosen: DataView

  private var parts: [(view: DataView, text: StyledText)] {
    DataView.allCases.map { view in
      var text = view.title(preview)
      if view == .advice, !preview.warnings.isEmpty { text += " ▲\(preview.warnings.count)" }
      return (
        view,
        view == chosen
          ? StyledText(text, .accent, [.bold, .underline])
          : StyledText(
            text, view == .advice && !preview.warnings.isEmpty ? .warning : .secondary)
      )
    }
  }

  private func gap(in width: Int) -> Int? {
    let words = parts.reduce(0) { $0 + $1.text.width }
    return [3, 2, 1].first { words + $0 * (parts.count - 1) + 2 <= width }
  }

  func draw(in area: Rect, on grid: inout CellGrid) {
    guard let gap = gap(in: area.width) else {
      let place = (DataView.allCases.firstIndex(of: chosen) ?? 0) + 1
      let warned: StyledText =
        preview.warnings.isEmpty || chosen == .advice
        ? "" : .warning("  ▲\(preview.warnings.count)")
      grid.write(
        .accent("v ") + .strong(chosen.title(preview))
          + .secondary("  \(place) of \(DataView.allCases.count)") + warned,
        at: area.origin, width: area.width)
      return
    }
    var x = area.x + grid.write(.accent("v "), at: area.origin)
    for part in parts { x += grid.write(part.text, at: Point(x, area.y)) + gap }
  }

  /// The view whose name is at a point.
  func view(at point: Point, in area: Rect) -> DataView? {
    guard point.y == area.y, let gap = gap(in: area.width) else { return nil }
    var x = area.x + 2
    for part in parts {
      if (x..<x + part.text.width).contains(point.x) { return part.view }
      x += part.text.width + gap
    }
    return nil
  }
}
