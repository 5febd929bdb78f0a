import TerminalGraphics

/// The parts of the Data screen.
enum DataPart: String, CaseIterable, Sendable {
  case list, picture, shape, inputs, examples
}

/// Where they lie.
enum DataLayout {
  static func places(in area: Rect, isCompact: Bool) -> [PanelPlace] {
    func place(_ area: Rect, _ parts: DataPart...) -> PanelPlace {
      PanelPlace(parts.map(\.rawValue), area)
    }
    if area.height < 20 || area.width < 76 {
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
    let rows = area.rows(.share(22), .share(12))
    let top = rows[0].columns(.share(46), .share(50), .share(24))
    let right = top[2].rows(.share(13), .share(9))
    return [
      place(top[0], .list), place(top[1], .picture), place(right[0], .shape),
      place(right[1], .inputs), place(rows[1], .examples),
    ]
  }
}
