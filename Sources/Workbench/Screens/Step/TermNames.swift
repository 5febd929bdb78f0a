import Autodiff

/// What the terms of a sum are called as a table: what tells them apart, and a heading for each column.
///
/// Found once for all terms, since a sum over a batch of pictures has ten thousands of them.
struct TermNames {
  /// What the factors of all terms are called, the places that differ as letters: `h[n,40]`, or
  /// `x[12,r,c,0]` beside `K[r−2,c−2,0,7]`; nil where the terms are of several kinds.
  let headings: [String]?
  /// Which factor tells terms apart: the first of which places differ, as `y[12,r,c,0]` behind a share.
  private let factor: Int
  /// A letter for each of its places that differs.
  private let letters: [String]
  /// Its places that are not the same in all terms.
  private let differing: [Int]
  /// The columns that the longest of `place(of:)` takes.
  let widest: Int

  init(_ terms: [SumTerm]) {
    func places(of factor: Int) -> (all: [[Substring]], differing: [Int]) {
      let all = terms.map { $0.factors[safe: factor].map { Self.split($0.name).places } ?? [] }
      let longest = all.map(\.count).max() ?? 0
      let differing = (0..<longest).filter { i in
        let own = all.lazy.compactMap { i < $0.count ? $0[i] : nil }
        return own.contains { $0 != own.first }
      }
      return (all, differing)
    }
    var (factor, found) = (0, places(of: 0))
    while found.differing.isEmpty, factor + 1 < terms.first?.factors.count ?? 0 {
      factor += 1
      found = places(of: factor)
    }
    let counts = found.all.map { Self.pick(found.differing, of: $0) }
    (self.factor, differing) = (factor, found.differing)
    letters = terms.first.map { Self.letters(for: $0, count: counts[0].count) } ?? []
    headings = Self.headings(terms, letters, counts)
    widest = counts.map { $0.reduce(-1) { $0 + 1 + $1.utf8.count } }.max().map { max(0, $0) } ?? 0
  }

  /// What the numbers are called that tell the terms apart: `k`, or `r,c` of a window.
  var key: String { letters.joined(separator: ",") }

  /// Whether terms differ by more than one place, as those of an example that has many: its number
  /// alone does not tell them apart.
  var hasSeveralPlaces: Bool { differing.count > 1 }

  /// What tells a term from the others: the places that differ.
  func place(of term: SumTerm) -> String {
    guard let own = term.factors[safe: factor] else { return "" }
    return Self.pick(differing, of: Self.split(own.name).places).joined(separator: ",")
  }

  private static func pick(_ places: [Int], of all: [Substring]) -> [Substring] {
    places.compactMap { $0 < all.count ? all[$0] : nil }
  }

  private static func letters(for first: SumTerm, count: Int) -> [String] {
    let own = first.example == nil ? [] : ["n"]
    let others = count - own.count
    let more = others < 2 ? ["k"] : others == 2 ? ["r", "c"] : ["r", "c", "d", "e", "g"]
    return Array((own + more).prefix(max(1, count)))
  }

  private static func headings(
    _ terms: [SumTerm], _ letters: [String], _ counts: [[Substring]]
  ) -> [String]? {
    guard let first = terms.first,
      terms.allSatisfy({ $0.factors.count == first.factors.count })
    else { return nil }
    let headings = first.factors.indices.map { place in
      heading(terms.map { $0.factors[place].name }, letters, counts)
    }
    return headings.contains(nil) ? nil : headings.compactMap(\.self)
  }

  /// - Parameters:
  ///   - letters: stand for what counts the terms.
  ///   - counts: those numbers of every term.
  private static func heading(
    _ names: [String], _ letters: [String], _ counts: [[Substring]]
  ) -> String? {
    guard let first = names.first else { return nil }
    if names.allSatisfy({ $0 == first }) { return first }
    let parts = names.map { split($0) }
    guard let model = parts.first,
      parts.allSatisfy({ $0.symbol == model.symbol && $0.places.count == model.places.count })
    else { return nil }
    var next = 0
    let places = model.places.indices.map { i in
      let own = parts.map { $0.places[i] }
      if own.allSatisfy({ $0 == model.places[i] }) { return String(model.places[i]) }
      defer { next += 1 }
      return letter(own, letters, counts, next)
    }
    return model.symbol + "[" + places.joined(separator: ",") + "]"
  }

  /// The letter whose numbers a place has, or so many less or more: `r−2`; the one in the same order
  /// where several do, `·` where none does.
  private static func letter(
    _ own: [Substring], _ letters: [String], _ counts: [[Substring]], _ order: Int
  ) -> String {
    let order = min(order, letters.count - 1)
    let others = letters.indices.filter { $0 != order }
    for place in [order] + others where counts.allSatisfy({ place < $0.count }) {
      let steps = zip(own, counts).lazy.map { own, counts in
        Int(own).flatMap { own in Int(counts[place]).map { own - $0 } }
      }
      guard let step = steps.first(where: { _ in true }).flatMap(\.self),
        steps.allSatisfy({ $0 == step })
      else { continue }
      return letters[place] + (step == 0 ? "" : step < 0 ? "−\(-step)" : "+\(step)")
    }
    return "·"
  }

  /// `h[2,40]` as `h` and `2`, `40`.
  private static func split(_ name: String) -> (symbol: Substring, places: [Substring]) {
    let bytes = name.utf8
    guard bytes.last == UInt8(ascii: "]"), let open = bytes.lastIndex(of: UInt8(ascii: "[")) else {
      return (name[...], [])
    }
    let inside = bytes[bytes.index(after: open)...].dropLast()
    return (name[..<open], inside.split(separator: UInt8(ascii: ",")).map { Substring($0) })
  }
}
