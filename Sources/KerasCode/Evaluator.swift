/// Runs a program in a sandbox: it reaches only its host, and stops when a budget is spent.
package final class Evaluator {
  /// How much a program may use.
  package struct Budget: Sendable {
    /// Statements and expressions.
    package var steps: Int
    /// Numbers held in arrays at one time.
    package var numbers: Int
    /// Containers alive at one time.
    package var containers: Int

    package init(
      steps: Int = 50_000_000, numbers: Int = 128 << 20, containers: Int = 2_000_000
    ) {
      self.steps = steps
      self.numbers = numbers
      self.containers = containers
    }
  }

  /// Values inside one another, calls included, beyond this are refused.
  private static let deepest = 400

  package let source: SourceText
  package let host: any ProgramHost
  let account: MemoryAccount
  private let budget: Budget
  private var steps = 0
  private var depth = 0
  private var heap: [any Knot] = []
  private var sweepAt = 10_000
  package private(set) var globals: [String: PythonValue] = [:]
  var frame: Frame
  let names: KnownNames
  /// The statement at the top of the program that runs now.
  package internal(set) var topStatement = 0..<0
  /// The place of the call that runs now.
  var callPlace = 0..<0
  private var notes: Set<String> = []
  /// How many models the program made, for their default names.
  var modelCount: [String: Int] = [:]
  var seeds: ProgramRandomness

  /// The names of a running function.
  final class Frame: Knot {
    var locals: [String: PythonValue] = [:]
    var globalNames: Set<String> = []
    let enclosing: Frame?
    let localNames: Set<String>

    init(enclosing: Frame?, localNames: Set<String>) {
      self.enclosing = enclosing
      self.localNames = localNames
    }

    func untie() { locals = [:] }
  }

  /// What a statement left its block with.
  enum Flow {
    case next, leave, skip
    case give(PythonValue)
  }

  package init(
    _ source: SourceText, host: any ProgramHost, budget: Budget = Budget(), seed: UInt64 = 0
  ) {
    self.source = source
    self.host = host
    self.budget = budget
    account = MemoryAccount(limit: budget.numbers)
    names = KnownNames()
    seeds = ProgramRandomness(seed: seed)
    frame = Frame(enclosing: nil, localNames: [])
  }

  deinit { untie() }

  /// Runs a whole program; throws a `Diagnostic`, or what the host threw.
  package static func run(
    _ text: String, file: String, host: any ProgramHost, budget: Budget = Budget(),
    seed: UInt64 = 0
  ) throws {
    let source = SourceText(name: file, text: text)
    let program = try Parser.program(source)
    let evaluator = Evaluator(source, host: host, budget: budget, seed: seed)
    defer { evaluator.untie() }
    try evaluator.run(program)
  }

  func run(_ program: [Statement]) throws {
    for statement in program {
      topStatement = statement.range
      switch try execute(statement) {
      case .next: continue
      case .give: throw fault("\"return\" outside a function", at: statement.range)
      case .leave, .skip: throw fault("this stands outside a loop", at: statement.range)
      }
    }
  }

  // MARK: Faults and budgets

  func fault(_ message: String, remedy: String? = nil, at range: Range<Int>) -> Diagnostic {
    Diagnostic(message, remedy: remedy, in: source, at: range)
  }

  /// Runs something that may complain; a complaint gets its place here.
  func placing<T>(at range: Range<Int>, _ body: () throws -> T) throws -> T {
    do { return try body() } catch let complaint as Complaint {
      throw fault(complaint.message, remedy: complaint.remedy, at: range)
    }
  }

  /// Counts a step, and the depth of what is being evaluated; what it complains of gets its place.
  func within<T>(_ range: Range<Int>, _ body: () throws -> T) throws -> T {
    steps += 1
    depth += 1
    defer { depth -= 1 }
    guard steps <= budget.steps else {
      throw fault(
        "the program took more than \(budget.steps) steps", remedy: "shorten its loops", at: range)
    }
    guard depth <= Self.deepest else {
      throw fault("the program calls itself too deeply", at: range)
    }
    do { return try body() } catch let complaint as Complaint {
      throw fault(complaint.message, remedy: complaint.remedy, at: range)
    }
  }

  /// Counts steps that a loop inside a native function takes.
  func spend(_ count: Int) throws {
    steps += count
    guard steps <= budget.steps else {
      throw Complaint(
        "the program took more than \(budget.steps) steps", remedy: "shorten its loops")
    }
  }

  /// Tells the host something once.
  func note(_ message: String, at range: Range<Int>) {
    guard notes.insert(message).inserted else { return }
    host.note(Diagnostic(message, severity: .note, in: source, at: range))
  }

  // MARK: The heap

  /// An array as a value of the program.
  func value(_ array: NDArray) throws -> PythonValue {
    if !array.kind.isNumeric && array.rank == 0 { return array.element(0) }
    return .array(try reference(array))
  }

  func reference(_ array: NDArray) throws -> ArrayReference {
    try requireRoom(array.count)
    return ArrayReference(array, account)
  }

  func requireRoom(_ count: Int) throws {
    guard account.held + count <= account.limit else {
      throw Complaint(
        "the program's arrays hold more than \(account.limit) numbers",
        remedy: "take fewer examples, or work in parts")
    }
  }

  func list(_ items: [PythonValue], view: String? = nil) throws -> PythonValue {
    .list(try keep(ListObject(items, view: view)))
  }

  func tuple(_ items: [PythonValue]) throws -> PythonValue { .tuple(try keep(TupleObject(items))) }

  func keep<Object: Knot>(_ object: Object) throws -> Object {
    heap.append(object)
    if heap.count >= sweepAt { try sweep() }
    return object
  }

  /// Lets go of what nothing but the heap holds, one by one, so that no chain frees itself deeply.
  private func sweep() throws {
    var kept: [any Knot] = []
    var isDone = false
    while !isDone {
      isDone = true
      kept.removeAll(keepingCapacity: true)
      while var object = heap.popLast() {
        if isKnownUniquelyReferenced(&object) {
          object.untie()
          isDone = false
        } else {
          kept.append(object)
        }
      }
      heap = kept.reversed()
      if heap.count < budget.containers / 2 { isDone = true }
    }
    guard heap.count <= budget.containers else {
      throw Complaint(
        "the program holds more than \(budget.containers) lists, tuples and dicts",
        remedy: "use arrays for data")
    }
    sweepAt = max(10_000, heap.count * 2)
  }

  /// Unties everything that the program made; it cannot run on after that.
  package func untie() {
    globals = [:]
    frame = Frame(enclosing: nil, localNames: [])
    for object in heap { object.untie() }
    heap = []
  }

  // MARK: Names

  func lookUp(_ name: String, at range: Range<Int>) throws -> PythonValue {
    var scope: Frame? = frame
    while let current = scope {
      if let value = current.locals[name] { return value }
      if current.localNames.contains(name) && !current.globalNames.contains(name) {
        throw fault("\"\(name)\" is used before it gets a value", at: range)
      }
      scope = current.enclosing
    }
    if let value = globals[name] ?? names.builtins[name] { return value }
    throw unknownName(name, at: range)
  }

  private func unknownName(_ name: String, at range: Range<Int>) -> Diagnostic {
    var known = Array(globals.keys) + Array(names.builtins.keys)
    var scope: Frame? = frame
    while let current = scope {
      known += current.locals.keys
      scope = current.enclosing
    }
    if let home = names.home(of: name) {
      return fault(
        "the name \"\(name)\" is not known here", remedy: "import it: \(home)", at: range)
    }
    return fault(
      "the name \"\(name)\" is not known here",
      remedy: Suggestions.didYouMean(name, among: known)
        ?? "it gets a value by an assignment or an import", at: range)
  }

  func bind(_ name: String, _ value: PythonValue) {
    if frame.enclosing == nil && frame.localNames.isEmpty || frame.globalNames.contains(name) {
      if isGlobal || frame.globalNames.contains(name) {
        globals[name] = value
        return
      }
    }
    frame.locals[name] = value
  }

  func unbind(_ name: String, at range: Range<Int>) throws {
    if isGlobal {
      guard globals.removeValue(forKey: name) != nil else {
        throw unknownName(name, at: range)
      }
    } else if frame.locals.removeValue(forKey: name) == nil {
      throw unknownName(name, at: range)
    }
  }

  /// Whether statements run at the top of the program now.
  var isGlobal: Bool { callDepth == 0 }
  var callDepth = 0
  /// How many lists inside one another are being made an array.
  var depthOfStack = 0
}
