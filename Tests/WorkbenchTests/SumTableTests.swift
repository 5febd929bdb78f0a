import TerminalGraphics
import Autodiff
import Tensors
import Testing

@testable import Workbench

@Suite("Sums and formulas as they are written")
struct SumTableTests {
  private func terms(_ seed: UInt64, count: Int, scale: Float) -> [SumTerm] {
    let random = CounterRandom(seed: seed, name: "terms")
    return (0..<count).map { k in
      SumTerm([
        Operand("h[\(k),3]", scale * Float(random.normal(at: 2 * k))),
        Operand("W[\(k),7]", Float(random.normal(at: 2 * k + 1))),
      ])
    }
  }

  private func number(_ text: String) -> Double {
    Double(text.replacing("≈", with: "").replacing(",", with: "")) ?? .nan
  }

  @Test("written products and the rest add up to the written result", arguments: 0..<200)
  func addsUp(seed: Int) {
    let all = terms(UInt64(seed), count: 5 + seed % 60, scale: [1, 1e-4, 300][seed % 3])
    let result = Float(all.reduce(0) { $0 + $1.product })
    let table = SumTable(all, result: result, most: 4)
    var scale = 1.0
    for _ in 0..<table.decimals { scale *= 10 }
    func units(_ text: String) -> Int { Int((number(text) * scale).rounded()) }
    let listed = table.rows.reduce(0) { $0 + units($1.product) }
    #expect(listed + units(table.rest!.text) == units(table.result))
    #expect(table.rest!.count == all.count - 4)
    for row in table.rows {
      let product = row.factors.reduce(1.0) { $0 * number($1) }
      #expect(Int((product * scale).rounded()) == units(row.product))
    }
  }

  @Test("the largest terms come first")
  func sortsTerms() {
    let table = SumTable(terms(3, count: 20, scale: 1), result: 1, most: 6)
    let sizes = table.rows.map { abs($0.term.product) }
    #expect(sizes == sizes.sorted(by: >))
  }

  @Test("the places of a window and those of its filter have the letters that hold for both")
  func namesWindows() {
    let all = [(2, 4), (3, 2), (4, 3)].map { r, c in
      SumTerm([Operand("x[12,\(r),\(c),0]", 1), Operand("K[\(r - 2),\(c - 2),0,7]", 2)])
    }
    #expect(TermNames(all).headings == ["x[12,r,c,0]", "K[r−2,c−2,0,7]"])
    #expect(TermNames(all).key == "r,c")
    #expect(TermNames(all).place(of: all[0]) == "2,4")
    let others = [(2, 0), (3, 1), (4, 5)].map { r, c in
      SumTerm([Operand("x[\(r)]", 1), Operand("K[\(c)]", 2)])
    }
    #expect(TermNames(others).headings == ["x[k]", "K[·]"])
  }

  @Test("ten thousands of terms are named and added up in a moment")
  func namesMany() {
    let all = (0..<16_384).map { k in
      SumTerm(
        [Operand("∂[\(k / 64),\(k / 8 % 8),\(k % 8),3]", Float(k % 97) / 64)], example: k / 64)
    }
    let clock = ContinuousClock.now
    let names = TermNames(all)
    #expect(names.headings == ["∂[n,r,c,3]"])
    #expect(names.widest == 7)
    #expect(SumTable(all, result: 0, most: 20).rest?.count == all.count - 20)
    // Quadratic work took half a minute.
    #expect(clock.duration(to: .now) < .seconds(8))
  }

  @Test("headings name what differs from term to term by a letter")
  func namesColumns() {
    #expect(TermNames(terms(1, count: 3, scale: 1)).headings == ["h[k,3]", "W[k,7]"])
  }

  @Test("formulas mean what they say")
  func evaluates() {
    func value(_ text: String, _ numbers: Double...) -> Double? {
      CellFormula(text, [], result: 0).evaluate(numbers)
    }
    #expect(value("{} − {} × {}", 5, 2, 3) == -1)
    #expect(value("2 ({} − {}) / 8", 5, 1) == 1)
    #expect(value("({} − {}) / ({} (1 − {})) / 2", 3, 1, 2, 2) == -0.5)
    #expect(value("{} × (1 − {}²)", 2, 3) == -16)
    #expect(value("max({}, {}, {})", 1, 5, 2) == 5)
    #expect(value("−log {}", 1) == 0)
    #expect(value("e^{} / (e^{} + e^{})", 0, 0, 0) == 0.5)
    #expect(value("{} × 0, because {} is not > 0", 4, -1) == 0)
    #expect(value("relu({})", -3) == 0)
    #expect(value("0 with probability {}, else drawn", 0.5) == nil)
  }

  @Test("negative numbers stand in brackets after a sign")
  func brackets() {
    let formula = CellFormula(
      "{} − {} × {}", [Operand("w", 0.5), Operand("lr", 0.1), Operand("g", -2)], result: 0.7)
    #expect(formula.shown.numbers == "0.5 − 0.1 × (-2)")
    #expect(formula.named == "w − lr × g")
  }

  @Test("terms of one example that has several places say each place", arguments: [60, 44])
  func namesPlaces(width: Int) {
    let places: [(Int, Int, Int)] = [(2, 4, 1), (2, 3, 2), (5, 3, 0)]
    let all = places.map { n, r, c in
      SumTerm(
        [Operand("x[\(n),\(r),\(c),0]", 1), Operand("∂L/∂z[\(n),\(r - 2),\(c),7]", 2)], example: n)
    }
    let names = TermNames(all)
    #expect(names.hasSeveralPlaces && names.key == "n,r,c")
    #expect(all.map { names.place(of: $0) } == ["2,4,1", "2,3,2", "5,3,0"])
    let table = SumTable(all, result: 6, most: 3)
    let area = Rect(0, 0, width, 4)
    var grid = CellGrid(size: Size(width, 4))
    let columns = SumColumns(
      all, names, table, area, classes: ["a"], key: .place, hasPlaces: false, glyphs: .full)
    columns.drawHeadings(on: &grid)
    for (y, row) in table.rows.enumerated() {
      columns.draw(row, at: y + 1, isMarked: false, label: nil, on: &grid)
    }
    #expect(grid.text[0].contains("n,r,c"))
    #expect(
      table.rows.indices.allSatisfy {
        grid.text[$0 + 1].contains(names.place(of: table.rows[$0].term))
      })
  }
}
