import Tensors

// Classes as numbers, and as columns of 0 and 1.

extension Transformers {
  /// Places of values among known ones.
  private static func codes(_ values: NDArray, _ known: NDArray) throws(Complaint) -> [Int] {
    let table = Dictionary(
      known.cells.enumerated().map { ($1, $0) }, uniquingKeysWith: { a, _ in a })
    var codes: [Int] = []
    for cell in values.cells {
      guard let code = table[cell] else {
        throw Complaint("the value \(cell.repr) was not there when this was fitted")
      }
      codes.append(code)
    }
    return codes
  }

  static func classes(_ values: NDArray) -> NDArray {
    let firsts = SeriesMethods.firsts(values)
    return values.taking(firsts.sorted { values.cell($0) < values.cell($1) })
  }

  static func encoders() -> [NativeFunction] {
    [
      NativeFunction("LabelEncoder()") { _ in
        .object(
          TransformerObject("LabelEncoder", takesLabels: true) { y in
            let known = classes(y)
            return TransformerObject.Fitted(
              attributes: [("classes_", known)],
              transform: { NDArray(whole: try codes($0, known)) },
              inverse: { given in
                guard given.kind.isWhole,
                  given.scalars.allSatisfy({ $0 >= 0 && $0 < Double(known.count) })
                else { throw Complaint("classes go from 0 to \(known.count - 1)") }
                return known.taking(given.scalars.map { Int($0) })
              })
          })
      },
      NativeFunction("LabelBinarizer()") { _ in
        .object(
          TransformerObject("LabelBinarizer", takesLabels: true) { y in
            let known = classes(y)
            return TransformerObject.Fitted(
              attributes: [("classes_", known)],
              transform: { given in
                let places = try codes(given, known)
                if known.count == 2 {
                  return NDArray(whole: places).reshaped(to: [places.count, 1])
                }
                return hot(places, known.count).converted(to: .int64)
              },
              inverse: { given in
                guard given.rank == 2 else { throw Complaint("this takes rows of columns") }
                return known.taking(
                  (0..<given.shape[0]).map { i in
                    let row = given.row(i).scalars
                    return row.count == 1
                      ? (row[0] > 0.5 ? 1 : 0) : Int(NDArray.indexOfLargest(row))
                  })
              })
          })
      },
      NativeFunction(
        "OneHotEncoder(*, sparse_output=True, handle_unknown='error', drop=None, dtype=None)"
      ) { call in
        let sparse = try call.boolean("sparse_output")
        let ignores = try call.text("handle_unknown") == "ignore"
        let drops = call["drop"].string == "first"
        guard call["drop"].isNone || drops else { throw call.unsuitable("drop", wanted: "'first'") }
        return .object(oneHot(sparse: sparse, ignores: ignores, drops: drops))
      },
      NativeFunction("OrdinalEncoder()") { _ in
        .object(
          TransformerObject("OrdinalEncoder") { x in
            let known = (0..<x.shape[1]).map { classes(x.taking([$0], axis: 1)) }
            return TransformerObject.Fitted(
              lists: [
                (
                  "categories_",
                  known.map {
                    let row = $0.reshaped(to: [$0.count])
                    return row.kind == .text ? row.converted(to: .object) : row
                  }
                )
              ],
              transform: { given in
                let x = try matching(given, known.count, "OrdinalEncoder")
                let columns = try known.enumerated().map { i, values in
                  NDArray(row: try codes(x.taking([i], axis: 1), values).map(Double.init))
                }
                return NDArray.stacked(columns).transposed([1, 0])
              })
          })
      },
    ]
  }

  private static func hot(_ places: [Int?], _ count: Int) -> NDArray {
    var rows = [Double](repeating: 0, count: places.count * count)
    for (i, place) in places.enumerated() { if let place { rows[i * count + place] = 1 } }
    return NDArray(shape: [places.count, count], scalars: rows)
  }

  private static func oneHot(sparse: Bool, ignores: Bool, drops: Bool) -> TransformerObject {
    TransformerObject("OneHotEncoder") { x in
      let known = (0..<x.shape[1]).map { classes(x.taking([$0], axis: 1)) }
        .map { $0.reshaped(to: [$0.count]) }
      return TransformerObject.Fitted(
        lists: [("categories_", known.map { $0.kind == .text ? $0.converted(to: .object) : $0 })],
        transform: { given in
          let x = try matching(given, known.count, "OneHotEncoder")
          let parts = try known.enumerated().map { i, values -> NDArray in
            let column = x.taking([i], axis: 1)
            let table = Set(values.cells)
            let places = try column.scalars.indices.map { row -> Int? in
              let cell = column.taking([row])
              if ignores && !table.contains(cell.cell(0)) { return nil }
              return try codes(cell, values)[0]
            }
            let whole = hot(places, values.count)
            return drops ? whole.taking(Array(1..<max(1, values.count)), axis: 1) : whole
          }
          return try NDArray.concatenated(parts, axis: 1)
        }, isSparse: sparse)
    }
  }
}
