/// A value of a running program.
package enum PythonValue {
  case none
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case list(ListObject)
  case tuple(TupleObject)
  case dictionary(DictionaryObject)
  case array(ArrayReference)
  case ellipsis
  /// Everything that is met by its attributes and calls: functions, modules, layers, models.
  case object(any ProgramObject)
}

/// Something that a program meets by its attributes and calls.
package protocol ProgramObject: AnyObject {
  /// As messages name it: `module`, `Dense`, `Sequential`.
  var typeName: String { get }
  /// As `print` shows it.
  var shown: String { get }
  var attributeNames: [String] { get }
  func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue?
}

extension ProgramObject {
  package var shown: String { "<\(typeName)>" }
  package var attributeNames: [String] { [] }
  package func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? { nil }
}

/// Something that a program may call.
package protocol Callable: ProgramObject {
  func call(_ arguments: CallArguments, _ evaluator: Evaluator) throws -> PythonValue
}

/// What stands between the parentheses of a call, evaluated.
package struct CallArguments {
  package var positional: [PythonValue] = []
  package var keywords: [(name: String, value: PythonValue)] = []
}

/// A container that a program may tie into knots; the heap unties them, so that nothing leaks and
/// no chain of deallocations grows deep.
package protocol Knot: AnyObject {
  func untie()
  /// Tells it where to count what it holds.
  func attach(_ account: MemoryAccount)
}

extension Knot {
  package func attach(_ account: MemoryAccount) {}
}

/// How much of a program's memory a container takes, told to the account as it grows and shrinks.
struct Holding {
  /// An item of a container beside a number of an array.
  private static let weight = 2
  private var account: MemoryAccount?
  private var counted = 0

  mutating func attach(_ account: MemoryAccount, _ count: Int) {
    self.account = account
    update(count)
  }

  mutating func update(_ count: Int) {
    guard let account, count != counted else { return }
    account.take((count - counted) * Self.weight)
    counted = count
  }

  mutating func end() { update(0) }
}

package final class ListObject: Knot {
  var items: [PythonValue] { didSet { holding.update(items.count) } }
  private var holding = Holding()
  /// What Python calls it when it shows a dict's parts: `dict_keys`.
  let view: String?

  init(_ items: [PythonValue], view: String? = nil) {
    self.items = items
    self.view = view
  }

  deinit { holding.end() }

  package func untie() { items = [] }
  package func attach(_ account: MemoryAccount) { holding.attach(account, items.count) }
}

package final class TupleObject: Knot {
  private(set) var items: [PythonValue] { didSet { holding.update(items.count) } }
  private var holding = Holding()
  /// The names of a named tuple's items, and its class's name.
  let naming: (type: String, fields: [String])?

  init(_ items: [PythonValue], naming: (type: String, fields: [String])? = nil) {
    self.items = items
    self.naming = naming
  }

  deinit { holding.end() }

  package func untie() { items = [] }
  package func attach(_ account: MemoryAccount) { holding.attach(account, items.count) }
}

package final class DictionaryObject: Knot {
  /// What a key may be.
  enum Key: Hashable {
    case none, text(String), integer(Int), number(Double)
    case tuple([Key])
    /// A function, class or instance, which is equal to itself alone.
    case object(ObjectKey)
  }

  /// Something by its identity.
  struct ObjectKey: Hashable {
    let object: any ProgramObject

    static func == (a: Self, b: Self) -> Bool { a.object === b.object }
    func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(object)) }
  }

  /// The keys in their order, with holes where keys were removed.
  private var slots: [Key?] = []
  private var table: [Key: (slot: Int, value: PythonValue)] = [:]
  private var holding = Holding()
  var isSet = false
  /// What gives a value to a key that is missed: `defaultdict`.
  var factory: PythonValue?
  /// What Python calls it when it is no plain dict: `Counter`.
  var kind: String?

  deinit { holding.end() }

  var count: Int { table.count }
  var isEmpty: Bool { table.isEmpty }
  var keys: [Key] { slots.compactMap { $0 } }

  func value(_ key: Key) -> PythonValue? { table[key]?.value }

  func set(_ key: Key, _ value: PythonValue) {
    if let slot = table[key]?.slot {
      table[key] = (slot, value)
      return
    }
    table[key] = (slots.count, value)
    slots.append(key)
    holding.update(table.count)
  }

  func remove(_ key: Key) -> PythonValue? {
    guard let (slot, value) = table.removeValue(forKey: key) else { return nil }
    slots[slot] = nil
    if slots.count > 32 && slots.count > 2 * table.count { compact() }
    holding.update(table.count)
    return value
  }

  private func compact() {
    slots = keys
    for (i, key) in slots.enumerated() { if let key { table[key]?.slot = i } }
  }

  /// The first or last key.
  var firstKey: Key? { slots.lazy.compactMap { $0 }.first }
  var lastKey: Key? { slots.lazy.reversed().compactMap { $0 }.first }

  var pairs: [(key: Key, value: PythonValue)] {
    keys.map { ($0, table[$0]?.value ?? .none) }
  }

  /// The most counted first, as a `Counter` shows itself.
  var byCount: [(key: Key, value: PythonValue)] {
    pairs.enumerated().sorted { a, b in
      let (x, y) = (a.element.value.anyNumber ?? 0, b.element.value.anyNumber ?? 0)
      return x == y ? a.offset < b.offset : x > y
    }.map(\.element)
  }

  func removeAll() {
    slots = []
    table = [:]
    holding.update(0)
  }

  package func untie() {
    removeAll()
    factory = nil
  }

  package func attach(_ account: MemoryAccount) { holding.attach(account, table.count) }
}

/// How many numbers the arrays and containers of a program hold now, and how they are printed.
package final class MemoryAccount {
  private(set) var held = 0
  let limit: Int
  /// What `np.set_printoptions` was told.
  var printing = ArrayPrinting()

  init(limit: Int) { self.limit = limit }

  func take(_ count: Int) { held += count }
  func giveBack(_ count: Int) { held -= count }
}

extension PythonValue {
  /// As messages name the type.
  var typeName: String {
    switch self {
    case .none: "NoneType"
    case .boolean: "bool"
    case .integer: "int"
    case .number: "float"
    case .text: "str"
    case .list: "list"
    case .tuple(let tuple): tuple.naming?.type ?? "tuple"
    case .dictionary(let d): d.kind ?? (d.isSet ? "set" : "dict")
    case .array: "array"
    case .ellipsis: "ellipsis"
    case .object(let object): object.typeName
    }
  }

  /// "a list", "an int", "None", "an array of shape (2, 3)": what was found, in words.
  var described: String {
    switch self {
    case .none: return "None"
    case .boolean(let flag): return flag ? "True" : "False"
    case .integer(let i): return "\(i)"
    case .number(let x): return PythonFormat.number(x)
    case .text(let text):
      return PythonFormat.quoted(text.count > 40 ? String(text.prefix(40)) + "…" : text)
    case .array(let reference):
      return reference.array.rank == 0
        ? PythonFormat.scalar(reference.array)
        : "an array of shape \(reference.array.shape.tupleText)"
    case .object(let object)
    where object is KerasClass || object is NativeFunction || object is ClassObject:
      return "\(object.shown)"
    default:
      let name = typeName
      return ("aeiouAEIO".contains(name.first ?? "x") ? "an " : "a ") + name
    }
  }

  /// The elements of a list or tuple.
  var sequence: [PythonValue]? {
    switch self {
    case .list(let list): list.items
    case .tuple(let tuple): tuple.items
    default: nil
    }
  }

  /// A whole number; True and False count, and so does an array of one whole number.
  var wholeNumber: Int? {
    switch self {
    case .integer(let i): i
    case .boolean(let flag): flag ? 1 : 0
    case .array(let r) where r.array.rank == 0 && r.array.kind.isWhole:
      Int(exactly: r.array.scalars[0])
    default: nil
    }
  }

  /// A number of any sort.
  var anyNumber: Double? {
    switch self {
    case .number(let x): x
    case .array(let r) where r.array.rank == 0: r.array.scalars[0]
    case .object(let rate as LearningRateHandle): rate.rate
    default: wholeNumber.map(Double.init)
    }
  }

  var string: String? { if case .text(let text) = self { text } else { nil } }

  var isNone: Bool { if case .none = self { true } else { false } }
}
