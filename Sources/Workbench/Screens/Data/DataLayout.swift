import Tensors
import TerminalGraphics
import Training

/// The parts of the Data screen: those that look at data, and those that draw an example.
enum DataPart: String, CaseIterable, Sendable {
  case list, picture, shape, inputs, examples
  case canvas, said, reasons, nearest, layers
}

/// Where they lie.
enum DataLayout {
  private static func place(_ area: Rect, _ parts: DataPart...) -> PanelPlace {
    PanelPlace(parts.map(\.rawValue), area)
  }

  private static func isSmall(_ area: Rect) -> Bool { area.height < 20 || area.width < 76 }

  static func places(_ state: AppState, in area: Rect) -> [PanelPlace] {
    state.data.drawing == nil
      ? looking(in: area, isCompact: state.isCompact)
      : drawing(
        in: area, isCompact: state.isCompact,
        hasMaps: state.lab.answer?.layers.contains { $0.tensor.shape.rank > 2 } ?? false,
        classes: state.data.drawing?.isOfPoints == true
          ? state.lab.settings?.data.classes.count ?? 0 : nil)
  }

  private static func looking(in area: Rect, isCompact: Bool) -> [PanelPlace] {
    if isSmall(area) {
      let sides = area.columns(.share(1), .share(1))
      return [place(sides[0], .list, .shape), place(sides[1], .picture, .inputs, .examples)]
    }
    if isCompact {
      let rows = area.rows(.share(12), .cells(10))
      let top = rows[0].columns(.share(37), .share(43))
      let bottom = rows[1].columns(.share(36), .share(44))
      return [
        place(top[0], .list), place(top[1], .picture, .inputs),
        place(bottom[0], .shape), place(bottom[1], .examples),
      ]
    }
    let rows = area.rows(.share(23), .share(11))
    let top = rows[0].columns(.share(46), .share(47), .share(27))
    let bottom = rows[1].columns(.share(93), .share(27))
    return [
      place(top[0], .list), place(top[1], .picture), place(top[2], .shape),
      place(bottom[1], .inputs), place(bottom[0], .examples),
    ]
  }

  /// - Parameters:
  ///   - hasMaps: whether layers give pictures, which take more rows than a row of units.
  ///   - classes: how many bars an answer has, where points are drawn; nil for a picture.
  private static func drawing(
    in area: Rect, isCompact: Bool, hasMaps: Bool, classes: Int?
  ) -> [PanelPlace] {
    if isSmall(area) {
      let sides = area.columns(.share(1), .share(1))
      return [place(sides[0], .canvas), place(sides[1], .said, .reasons, .nearest, .layers)]
    }
    if isCompact {
      let sides = area.columns(.share(37), .share(43))
      let right = sides[1].rows(.cells(barRows(classes)), .share(1))
      return [
        place(sides[0], .canvas), place(right[0], .said),
        place(right[1], .reasons, .nearest, .layers),
      ]
    }
    if let classes {
      // Points need room; a bar for each class, and what they come to, little.
      let sides = area.columns(.share(54), .share(66))
      let right = sides[1].rows(
        .cells(barRows(classes)), .cells(max(8, min(14, classes + 6))), .share(1))
      let low = right[1].columns(.share(1), .share(1))
      return [
        place(sides[0], .canvas), place(right[0], .said), place(low[0], .reasons),
        place(low[1], .nearest), place(right[2], .layers),
      ]
    }
    let rows = area.rows(.share(1), .cells(hasMaps ? max(10, area.height * 10 / 34) : 7))
    let sides = rows[0].columns(.share(54), .share(66))
    let right = sides[1].rows(.cells(barRows(nil)), .share(1))
    let low = right[1].columns(.share(1), .share(1))
    return [
      place(sides[0], .canvas), place(right[0], .said), place(low[0], .reasons),
      place(low[1], .nearest), place(rows[1], .layers),
    ]
  }

  /// The height of a panel with a bar for each class, and what they come to below: that of ten
  /// classes at most.
  private static func barRows(_ classes: Int?) -> Int { max(8, min(14, (classes ?? 9) + 5)) }
}
