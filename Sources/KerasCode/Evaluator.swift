#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

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

  /// Calls inside one another beyond this are refused, as Python does.
  private static let deepestCalls = 1000
  /// No more of a stack than this is taken for granted.
  private static let largestStack: UInt = 8 << 20

  package let source: SourceText
  package let host: any ProgramHost
  /// Whether a model whose layer does not fit is kept: its program is read to be mended, not run.
  var keepsMisfits = false
  let account: MemoryAccount
  private let budget: Budget
  private var steps = 0
  /// The address that the stack must not grow below, on the thread that runs now.
  private var stackFloor: UInt = 0
  /// What a method called by a text conversion threw; the next step throws it on.
  var deferredFault: (any Error)?
  /// The exception that travels up now, and what its fault looks like.
  var inFlight: (fault: Diagnostic, exception: InstanceObject)?
  /// The faults whose handlers run now, for a bare `raise`.
  var caught: [Diagnostic] = []
  lazy var pythonRandom = PythonRandom(seed: seeds.nextSeed())
  private(set) var heap: [any Knot] = []
  private var sweepAt = 10_000
  package private(set) var globals: [String: PythonValue] = [:]
  var frame: Frame
  /// The frame of the statements at the top, which bind globals.
  private let bottom: Frame
  let names: KnownNames
  /// The statement at the top of the program that runs now.
  package internal(set) var topStatement = 0..<0
  /// The place of the call that runs now.
  var callPlace = 0..<0
  private var notes: Set<String> = []
  /// Types that `type(x)` gave, one object each.
  var types: [String: TypeObject] = [:]
  /// How many layers and models of each kind the program made, for their default names.
  var modelCount: [String: Int] = [:]
  /// The models and layers that work now, from the outermost: what weights are called after.
  var weightScopes: [String] = []
  /// What is gathered while a function of the program is followed on tensors.
  var tracing: Tracing?
  /// How many examples the batches have that a followed function is to be thought of as called with.
  var followedBatch: Int?
  /// Whether the program has inputs of `None`, whose length the data says.
  var knowsOpenLengths = false
  /// How many calls of layers on tensors there were.
  var nodeCount = 0
  var seeds: ProgramRandomness

  /// The names of a running function.
  final class Frame: Knot {
    var locals: [String: PythonValue] = [:]
    var globalNames: Set<String> = []
    var nonlocalNames: Set<String> = []
    let enclosing: Frame?
    let localNames: Set<String>
    /// The method that runs here, and what it was called on, for `super()`.
    var method: (owner: ClassObject, receiver: PythonValue)?
    let role: Role
    /// The order in which a class body gave names values, and what it annotated.
    var order: [String] = []
    var annotated: [(name: String, hasValue: Bool)] = []

    enum Role { case function, comprehension, classBody }

    init(enclosing: Frame?, localNames: Set<String>, role: Role = .function) {
      self.enclosing = enclosing
      self.localNames = localNames
      self.role = role
    }

    func untie() {
      locals = [:]
      method = nil
    }
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
    bottom = Frame(enclosing: nil, localNames: [])
    frame = bottom
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
    do { try runStatements(program) } catch is Exit { return }
    if let fault = deferredFault { throw fault }
  }

  /// `exit()`: the program ends here, as if it had come to its last line.
  struct Exit: Error {}

  private func runStatements(_ program: [Statement]) throws {
    enterStack()
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

  func fault(
    _ message: String, remedy: String? = nil, as nature: FaultNature = .plain, at range: Range<Int>
  ) -> Diagnostic {
    Diagnostic(message, remedy: remedy, nature: nature, in: source, at: range)
  }

  func fault(_ complaint: Complaint, at range: Range<Int>) -> Diagnostic {
    fault(complaint.message, remedy: complaint.remedy, as: complaint.nature, at: range)
  }

  /// Runs something that may complain; a complaint gets its place here.
  func placing<T>(at range: Range<Int>, _ body: () throws -> T) throws -> T {
    do { return try body() } catch let complaint as Complaint {
      throw fault(complaint, at: range)
    }
  }

  /// Counts a step and looks after the stack; what is complained of gets its place.
  func within<T>(_ range: Range<Int>, _ body: () throws -> T) throws -> T {
    steps += 1
    try throwDeferred()
    guard steps <= budget.steps else { throw fault(stepsSpent, at: range) }
    guard account.held <= account.limit else {
      try placing(at: range) { try sweep() }
      guard account.held <= account.limit else { throw fault(memorySpent, at: range) }
      return try within(range, body)
    }
    guard hasStack else { throw tooDeep(at: range) }
    do { return try body() } catch let complaint as Complaint { throw fault(complaint, at: range) }
  }

  /// Throws what a method called by a text conversion threw.
  func throwDeferred() throws {
    guard let fault = deferredFault else { return }
    deferredFault = nil
    throw fault
  }

  private var stepsSpent: Complaint {
    Complaint(
      "the program took more than \(budget.steps) steps", remedy: "shorten its loops", as: .final)
  }

  private var memorySpent: Complaint {
    Complaint(
      "the program's arrays, lists and dicts hold more than \(account.limit) numbers",
      remedy: "take fewer examples, or work in parts", as: .final)
  }

  func tooDeep(at range: Range<Int>) -> Diagnostic {
    fault(
      "the program calls itself too deeply", remedy: "a call must end some day: add an if",
      as: .raised("RecursionError", "maximum recursion depth exceeded"), at: range)
  }

  /// Counts steps that a loop inside a native function takes.
  func spend(_ count: Int) throws {
    steps += count
    guard steps <= budget.steps else { throw stepsSpent }
  }

  /// A text as a value of the program; long ones count as steps, so that texts are bounded too.
  func text(_ text: String) throws -> PythonValue {
    try spend(text.utf8.count / 16)
    guard text.utf8.count <= 10_000_000 else {
      throw Complaint("a text of more than ten million characters", as: .final)
    }
    return .text(text)
  }

  // MARK: The stack

  /// Finds out how far the stack of this thread may grow; to be called where a program begins.
  func enterStack() {
    var limit = rlimit()
    #if canImport(Glibc)
    let isKnown = getrlimit(__rlimit_resource_t(RLIMIT_STACK.rawValue), &limit) == 0
    #else
    let isKnown = getrlimit(RLIMIT_STACK, &limit) == 0
    #endif
    // Threads get as much as the limit says; half of it is left to others.
    let size = isKnown ? min(UInt(limit.rlim_cur), Self.largestStack) : Self.largestStack
    stackFloor = stackPointer - min(stackPointer, max(size / 2, 128 << 10))
  }

  private var stackPointer: UInt {
    var marker: UInt8 = 0
    return withUnsafePointer(to: &marker) { UInt(bitPattern: $0) }
  }

  private var hasStack: Bool { stackPointer > stackFloor && callDepth <= Self.deepestCalls }

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
      try sweep()
      guard account.held + count <= account.limit else { throw memorySpent }
      return
    }
  }

  func list(_ items: [PythonValue], view: String? = nil) throws -> PythonValue {
    try spend(items.count / 16)
    return .list(try keep(ListObject(items, view: view)))
  }

  func tuple(_ items: [PythonValue]) throws -> PythonValue { .tuple(try keep(TupleObject(items))) }

  func keep<Object: Knot>(_ object: Object) throws -> Object {
    object.attach(account)
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
        remedy: "use arrays for data", as: .final)
    }
    sweepAt = max(10_000, heap.count * 2)
  }

  /// Unties everything that the program made; it cannot run on after that.
  package func untie() {
    globals = [:]
    inFlight = nil
    frame = bottom
    bottom.untie()
    for object in heap { object.untie() }
    heap = []
  }

  // MARK: Names

  func lookUp(_ name: String, at range: Range<Int>) throws -> PythonValue {
    var scope: Frame? = frame
    while let current = scope {
      if !current.globalNames.contains(name) {
        if let value = current.locals[name] { return value }
        if current.localNames.contains(name) && !current.nonlocalNames.contains(name) {
          throw fault(
            "\"\(name)\" is used before it gets a value",
            as: .raised("UnboundLocalError", "\(name) is used before it gets a value"), at: range)
        }
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
    let nature = FaultNature.raised("NameError", "name '\(name)' is not defined")
    let remedy =
      names.home(of: name).map { "import it: \($0)" } ?? RefusedNames.advice(for: name)
      ?? Suggestions.didYouMean(name, among: known)
      ?? "it gets a value by an assignment or an import"
    return fault("the name \"\(name)\" is not known here", remedy: remedy, as: nature, at: range)
  }

  func bind(_ name: String, _ value: PythonValue) { bind(name, value, in: frame) }

  private func bind(_ name: String, _ value: PythonValue, in frame: Frame) {
    if isGlobal || frame.globalNames.contains(name) {
      globals[name] = value
    } else if frame.nonlocalNames.contains(name), let home = home(of: name, around: frame) {
      home.locals[name] = value
    } else {
      if frame.role == .classBody && frame.locals[name] == nil { frame.order.append(name) }
      frame.locals[name] = value
    }
  }

  /// `name := value`, which a comprehension gives to what is around it.
  func bindOutside(_ name: String, _ value: PythonValue) {
    var scope = frame
    while scope.role == .comprehension, let outer = scope.enclosing { scope = outer }
    // The outermost frame of a comprehension at the top of a program has none around it.
    if scope.role == .comprehension || (scope.enclosing == nil && scope === bottom) {
      globals[name] = value
    } else {
      bind(name, value, in: scope)
    }
  }

  /// The frame around one that has a name of its own.
  func home(of name: String, around frame: Frame) -> Frame? {
    var scope = frame.enclosing
    while let current = scope {
      if current.locals[name] != nil || current.localNames.contains(name) { return current }
      scope = current.enclosing
    }
    return nil
  }

  func unbind(_ name: String, at range: Range<Int>) throws {
    if isGlobal || frame.globalNames.contains(name) {
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
