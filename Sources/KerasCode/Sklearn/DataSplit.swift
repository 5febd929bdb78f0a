import Tensors

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

func sine(_ x: Double) -> Double { sin(x) }
func cosine(_ x: Double) -> Double { cos(x) }

/// `train_test_split`, with scikit-learn's own draws: the same rows for the same `random_state`.
enum DataSplit {
  static func split(_ call: BoundCall) throws -> PythonValue {
    guard !call.rest.isEmpty else {
      throw Complaint("train_test_split() of nothing", remedy: "give arrays")
    }
    let n = try rowCount(call)
    let (training, test) = try counts(n, call)
    let parts = try indices(n, training, test, call)
    return try call.evaluator.list(
      try call.rest.flatMap { value in
        [try rows(parts.training, of: value, call), try rows(parts.test, of: value, call)]
      })
  }

  /// The number of rows, which must be the same for all that is split.
  private static func rowCount(_ call: BoundCall) throws -> Int {
    var count: Int?
    for (i, value) in call.rest.enumerated() {
      let own: Int?
      if let items = value.sequence {
        own = items.count
      } else {
        do { own = try call.evaluator.operand(from: value).shape.extents.first } catch let complaint
          as Complaint
        { throw Complaint(complaint.message, remedy: complaint.remedy, at: .argument(i)) }
      }
      guard let own, count == nil || own == count else {
        throw Complaint("\(value.described) beside one of \(count ?? 0) rows", at: .argument(i))
      }
      count = own
    }
    return count ?? 0
  }

  /// Rows of an array, a table, a column or a list, as the same sort of thing.
  static func rows(
    _ indices: [Int], of value: PythonValue, _ call: BoundCall
  ) throws -> PythonValue {
    if let items = value.sequence { return try call.evaluator.list(indices.map { items[$0] }) }
    if let series = value.series { return .object(series.taking(indices)) }
    if case .object(let frame as FrameObject) = value { return .object(frame.taking(indices)) }
    return try call.evaluator.value(try call.evaluator.operand(from: value).rows(indices))
  }

  /// How many rows go where: a fraction or a count; a quarter for the test when nothing is said.
  private static func counts(_ n: Int, _ call: BoundCall) throws -> (training: Int, test: Int) {
    func part(_ name: String, _ rule: FloatingPointRoundingRule) throws -> Int? {
      if call[name].isNone { return nil }
      if case .number(let x) = call[name] {
        guard x > 0 && x < 1 else { throw call.unsuitable(name, wanted: "a part between 0 and 1") }
        return Int((x * Double(n)).rounded(rule))
      }
      return try call.integer(name, in: 1...max(1, n))
    }
    let train = try part("train_size", .down)
    let test = try part("test_size", .up)
    let tested = test ?? train.map { n - $0 } ?? Int((0.25 * Double(n)).rounded(.up))
    let trained = train ?? n - tested
    guard trained > 0, tested > 0, trained + tested <= n else {
      throw Complaint("\(n) rows cannot give \(trained) for training and \(tested) for the test")
    }
    return (trained, tested)
  }

  private static func indices(
    _ n: Int, _ training: Int, _ test: Int, _ call: BoundCall
  ) throws
    -> (training: [Int], test: [Int])
  {
    guard try call.boolean("shuffle") else {
      return (Array(0..<training), Array(training..<training + test))
    }
    var state = try NumPyRandomNames.state(call, "random_state")
    guard !call["stratify"].isNone else {
      let order = state.permutation(n)
      return (Array(order[test..<test + training]), Array(order[..<test]))
    }
    let labels = try call.operand("stratify")
    guard labels.rank > 0, labels.shape[0] == n else {
      throw call.unsuitable("stratify", wanted: "one class for each of the \(n) rows")
    }
    return try stratified(labels.scalars, training, test, &state, call)
  }

  /// scikit-learn's StratifiedShuffleSplit of one split.
  private static func stratified(
    _ labels: [Double], _ training: Int, _ test: Int, _ state: inout NumPyRandomState,
    _ call: BoundCall
  ) throws -> (training: [Int], test: [Int]) {
    let classes = Array(Set(labels)).sorted()
    let members = classes.map { c in labels.indices.filter { labels[$0] == c } }
    let counts = members.map(\.count)
    guard counts.allSatisfy({ $0 >= 2 }), training >= classes.count, test >= classes.count else {
      throw call.unsuitable("stratify", wanted: "classes of at least two rows, fewer than rows")
    }
    let taken = approximateMode(counts, training, &state)
    let left = zip(counts, taken).map { $0 - $1 }
    let tested = approximateMode(left, test, &state)
    var trainingRows: [Int] = []
    var testRows: [Int] = []
    for (i, rows) in members.enumerated() {
      let order = state.permutation(rows.count)
      let shuffled = order.map { rows[$0] }
      trainingRows += shuffled[..<taken[i]]
      testRows += shuffled[taken[i]..<taken[i] + tested[i]]
    }
    return (
      state.permutation(trainingRows.count).map { trainingRows[$0] },
      state.permutation(testRows.count).map { testRows[$0] }
    )
  }

  /// The likeliest numbers of draws from each class; ties of remainders fall by chance.
  private static func approximateMode(
    _ counts: [Int], _ draws: Int, _ state: inout NumPyRandomState
  ) -> [Int] {
    let total = Double(counts.reduce(0, +))
    let shares = counts.map { Double($0) / total * Double(draws) }
    var floors = shares.map { Int($0) }
    var missing = draws - floors.reduce(0, +)
    let remainders = zip(shares, floors).map { $0 - Double($1) }
    for value in Set(remainders).sorted(by: >) where missing > 0 {
      var places = remainders.indices.filter { remainders[$0] == value }
      let count = min(places.count, missing)
      places = state.choice(places.count, size: count, replacing: false).map { places[$0] }
      for i in places { floors[i] += 1 }
      missing -= count
    }
    return floors
  }
}
