// "Did you mean": the known name that takes the fewest edits.

package enum Suggestions {
  /// `did you mean "Dense"?`, or nil when nothing known is near.
  package static func didYouMean(_ name: String, among known: [String]) -> String? {
    nearest(to: name, among: known).map { "did you mean \"\($0)\"?" }
  }

  /// The known name nearest to a misspelled one, when it is near enough to be meant.
  static func nearest(to name: String, among known: [String]) -> String? {
    guard name.unicodeScalars.count <= 60 else { return nil }
    let wanted = Array(name.lowercased().unicodeScalars)
    let allowed = max(1, wanted.count / 3)
    var best: (distance: Int, name: String)?
    for candidate in known.sorted() where candidate != name {
      let letters = Array(candidate.lowercased().unicodeScalars)
      guard abs(letters.count - wanted.count) <= allowed else { continue }
      let d = distance(wanted, letters)
      if d <= allowed && d < (best?.distance ?? Int.max) { best = (d, candidate) }
    }
    return best?.name
  }

  /// The number of insertions, deletions, replacements and swaps of neighbors between two words.
  private static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var before: [Int] = []
    var previous = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var current = [i + 1]
      for (j, y) in b.enumerated() {
        var cost = min(previous[j] + (x == y ? 0 : 1), previous[j + 1] + 1, current[j] + 1)
        if i > 0 && j > 0 && x == b[j - 1] && a[i - 1] == y { cost = min(cost, before[j - 1] + 1) }
        current.append(cost)
      }
      before = previous
      previous = current
    }
    return previous[b.count]
  }

  /// Names in a sentence: `"a", "b" or "c"`, cut after a dozen.
  static func listing(_ names: [String]) -> String {
    let shown = names.sorted().prefix(24)
    let text = shown.joined(separator: ", ")
    return names.count > shown.count ? text + ", …" : text
  }

  /// The nearest name, or what is known when nothing is near.
  static func remedy(_ name: String, among known: [String], of place: String) -> String {
    didYouMean(name, among: known)
      ?? (known.isEmpty ? "\(place) has nothing to name" : "\(place) has " + listing(known))
  }
}
