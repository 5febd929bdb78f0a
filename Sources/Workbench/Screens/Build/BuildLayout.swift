import TerminalGraphics

/// Where the panels of Build lie: seven or so full, four compactly, two in the smallest window.
enum BuildLayout {
  /// - fits: whether all layers fit; if not, why and the ways out take the place of the diagram.
  static func panels(_ state: AppState, fits: Bool, in area: Rect) -> [Panel] {
    if area.width < 78 || area.height < 20 { return small(state, fits: fits, area) }
    return switch (fits, state.isCompact) {
    case (true, false): full(area)
    case (false, false): fullWithWays(area)
    case (true, true): folding(state, compact(area), "network", into: "inspector")
    case (false, true): folding(state, compactWithWays(area), "inspector", into: "code")
    }
  }

  private static func full(_ area: Rect) -> [Panel] {
    let rows = area.rows(.share(21), .share(13))
    let top = rows[0].columns(.cells(36), .share(1), .cells(34))
    let bottom = rows[1].columns(.share(1), .share(1))
    return [
      Panel("layers", top[0]), Panel("inspector", top[2]), Panel("network", top[1]),
      Panel("checks", bottom[0]), Panel("code", bottom[1]),
    ]
  }

  private static func fullWithWays(_ area: Rect) -> [Panel] {
    let rows = area.rows(.share(18), .share(11), .cells(6))
    let top = rows[0].columns(.share(5), .share(7))
    let right = top[1].rows(.share(1), .cells(7))
    let middle = rows[1].columns(.share(5), .share(7))
    return [
      Panel("layers", top[0]), Panel("ways", middle[1]), Panel("inspector", right[1]),
      Panel("why", middle[0]), Panel("checks", rows[2]), Panel("code", right[0]),
    ]
  }

  private static func compact(_ area: Rect) -> [Panel] {
    let rows = area.rows(.share(12), .share(10))
    let top = rows[0].columns(.share(34), .share(46))
    let bottom = rows[1].columns(.share(42), .share(38))
    return [
      Panel("layers", top[0]), Panel("inspector", top[1]), Panel("network", .nowhere),
      Panel("code", bottom[0]), Panel("checks", bottom[1]),
    ]
  }

  private static func compactWithWays(_ area: Rect) -> [Panel] {
    let rows = area.rows(.share(10), .share(9), .cells(3))
    let top = rows[0].columns(.share(41), .share(39))
    let middle = rows[1].columns(.share(41), .share(39))
    return [
      Panel("layers", top[0]), Panel("ways", middle[1]), Panel("inspector", .nowhere),
      Panel("why", middle[0]), Panel("code", top[1]), Panel("checks", rows[2]),
    ]
  }

  /// In the smallest windows the list stays, and one other panel: the focused one.
  private static func small(_ state: AppState, fits: Bool, _ area: Rect) -> [Panel] {
    let others =
      fits
      ? ["inspector", "network", "checks", "code"] : ["ways", "inspector", "why", "checks", "code"]
    let parts = area.columns(.share(30), .share(34))
    let focus = state.focus[.build] ?? ""
    let shown = others.contains(focus) ? focus : others[0]
    return [Panel("layers", parts[0])]
      + others.map { Panel($0, $0 == shown ? parts[1] : .nowhere) }
  }

  /// Gives a folded panel that has the focus the place of another.
  private static func folding(
    _ state: AppState, _ panels: [Panel], _ folded: String, into other: String
  ) -> [Panel] {
    guard state.focus[.build] == folded,
      let place = panels.first(where: { $0.id == other })?.area
    else { return panels }
    return panels.map {
      $0.id == folded ? Panel(folded, place) : $0.id == other ? Panel(other, .nowhere) : $0
    }
  }
}

extension Rect {
  /// Where a folded panel lies.
  static let nowhere = Rect(0, 0, 0, 0)
}
