import Synchronization
import Tensors

/// A value that Keras code may give to an argument.
package enum ArgumentValue: Hashable, Sendable {
  case none
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case integers([Int])
  /// Several values, some of them no whole numbers.
  case list([ArgumentValue])
  case tensor(Tensor)
  /// An object, as a regularizer, or a layer inside another.
  case component(Component)
}

/// What one argument of a layer, loss or optimizer accepts.
///
/// One table of these per class feeds Keras code (names, order, checks), its printer (defaults are
/// left out) and the builder's inspector (ranges, choices, help).
package struct ArgumentSpec: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case boolean
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case choice([String])
    /// Any text, as a layer's name.
    case text
    /// A tuple of positive integers, as a shape.
    case shape
    /// Two integers, or one that stands for both, as a kernel size.
    case pair(ClosedRange<Int>)
    /// A whole number, or a tuple that holds it, as the size of a window over a sequence.
    case single(ClosedRange<Int>)
    /// Whole numbers before and after each of two axes: one for all four, one for each axis, or a
    /// pair for each axis.
    case margins(ClosedRange<Int>)
    /// Two numbers that others lie between; or one within `alone`, which stands for both.
    case span(ClosedRange<Double>, alone: ClosedRange<Double>?)
    /// One axis or several, counted from the end if negative; the batch is axis 0.
    case axes
    /// A whole number of any sign, or one number for each place, as a mean of columns.
    case numbers
    /// One whole number or several, as classes.
    case wholeNumbers
    /// A member of a family, by name or as an object: an initializer, an activation.
    case component(ComponentFamily)
    /// A layer.
    case layer
    /// A learning rate: a number that is not negative, or a schedule.
    case rate
    /// A tuple of whole numbers in a range, as the order of axes.
    case integers(ClosedRange<Int>)
    /// A shape with None where any extent is right.
    case openShape
    /// What only other backends can do: its default may be spelled out, nothing else.
    case fixed
  }

  /// As in Keras: `kernel_size`.
  package let name: String
  package let kind: Kind
  /// What Keras assumes when the argument is absent; nil when it must be given.
  package let defaultValue: ArgumentValue?
  /// A few words for the builder and error messages.
  package let help: String
  /// Whether code must name it: in Keras other arguments stand before it.
  package let keywordOnly: Bool
  /// Whether None is a value of its own, though not the default.
  package let allowsNone: Bool

  /// Whether a builder shows it without being asked: not what holds weights back, nor what every
  /// layer takes.
  package var isUsual: Bool {
    !name.hasSuffix("_regularizer") && !name.hasSuffix("_constraint")
      && kind != .fixed
      && ![
        "trainable", "dtype", "data_format", "seed", "use_ema", "ema_momentum",
        "ema_overwrite_frequency",
        "loss_scale_factor", "gradient_accumulation_steps", "clipnorm", "clipvalue",
        "global_clipnorm",
      ].contains(name)
  }

  /// The names that stand for its values, where it is chosen from a list.
  package var choices: [String]? {
    switch kind {
    case .choice(let names): names
    case .component(let family): family.names
    default: nil
    }
  }

  package init(
    _ name: String, _ kind: Kind, default value: ArgumentValue? = nil, keywordOnly: Bool = false,
    orNone allowsNone: Bool = false, _ help: String
  ) {
    self.name = name
    self.kind = kind
    defaultValue = value
    self.keywordOnly = keywordOnly
    self.allowsNone = allowsNone || value == ArgumentValue.none
    self.help = help
  }

  /// The value in the form this argument keeps it, or nil when it does not fit.
  package func normalized(_ value: ArgumentValue) -> ArgumentValue? {
    if value == .none { return allowsNone ? value : nil }
    if kind == .fixed {
      // Which kernels another backend takes changes no number; that of PyTorch cannot train stateful
      // layers by cuDNN's.
      if name == "use_cudnn", case .boolean = value { return value }
      return value == defaultValue ? value : nil
    }
    switch (kind, value) {
    case (.boolean, .boolean), (.text, .text): return value
    case (.integer(let range), .integer(let i)): return range.contains(i) ? value : nil
    case (.integer(let range), .number(let x)):
      guard let i = Int(exactly: x), range.contains(i) else { return nil }
      return .integer(i)
    case (.number(let range), .integer(let i)):
      return range.contains(Double(i)) ? .number(Double(i)) : nil
    case (.number(let range), .number(let x)): return range.contains(x) ? value : nil
    case (.choice(let names), .text(let name)):
      return names.contains(name) ? value : nil
    case (.component(let family), .text(let name)):
      return family.named(name).flatMap {
        $0.hasDefaults && $0.isNamedAlone ? .text($0.shortName) : nil
      }
    case (.component(let family), .component(let component)): return family.normalized(component)
    case (.layer, .component(let component)): return component.isLayer ? value : nil
    case (.rate, .integer(let i)): return i >= 0 ? .number(Double(i)) : nil
    case (.rate, .number(let x)): return x >= 0 && x <= 1e6 ? value : nil
    case (.rate, .component(let component)):
      return ComponentFamily.schedule.normalized(component)
    case (.axes, .integer), (.axes, .integers): return value
    case (.wholeNumbers, .integer), (.wholeNumbers, .integers): return value
    case (.integers(let range), .integers(let all)):
      return all.allSatisfy(range.contains) ? value : nil
    case (.openShape, .integers(let extents)): return extents.allSatisfy { $0 > 0 } ? value : nil
    case (.openShape, .integer(let i)): return i > 0 ? .integers([i]) : nil
    case (.openShape, .list(let items)): return items.allSatisfy(\.isOpenExtent) ? value : nil
    case (.numbers, .integer(let i)): return .number(Double(i))
    case (.numbers, .number), (.numbers, .tensor): return value
    case (.numbers, .integers), (.numbers, .list):
      return Tensor(nested: value).map { .tensor($0) }
    case (.shape, .integers(let extents)): return extents.allSatisfy { $0 > 0 } ? value : nil
    case (.shape, .integer(let i)): return i > 0 ? .integers([i]) : nil
    case (.pair(let range), .integer(let i)):
      return range.contains(i) ? .integers([i, i]) : nil
    case (.pair(let range), .integers(let both)):
      return both.count == 2 && both.allSatisfy(range.contains) ? value : nil
    case (.single(let range), .integer(let i)): return range.contains(i) ? value : nil
    case (.single(let range), .integers(let all)):
      return all.count == 1 && range.contains(all[0]) ? .integer(all[0]) : nil
    case (.margins(let range), _): return value.asMargins(range)
    case (.span(_, let alone), .integer), (.span(_, let alone), .number):
      return value.asNumber.flatMap { x in alone?.contains(x) == true ? .number(x) : nil }
    case (.span(let range, _), .integers(let both)):
      let ends = both.map(Double.init)
      return both.count == 2 && ends.allSatisfy(range.contains)
        ? .list(ends.map { .number($0) }) : nil
    case (.span(let range, _), .list(let both)):
      let ends = both.compactMap(\.asNumber)
      return both.count == 2 && ends.count == 2 && ends.allSatisfy(range.contains)
        ? .list(ends.map { .number($0) }) : nil
    default: return nil
    }
  }

  /// What would be right, in words: "a whole number from 1 to 65,536".
  package var expectation: String {
    let sort =
      switch kind {
      case .boolean: "True or False"
      case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
      case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
      case .choice(let names): "one of " + names.map { "\"\($0)\"" }.joined(separator: ", ")
      case .text: "a text"
      case .shape: "a tuple of positive whole numbers"
      case .pair(let range):
        "a whole number from \(range.lowerBound) to \(range.upperBound), or a pair of them"
      case .single(let range):
        "a whole number from \(range.lowerBound) to \(range.upperBound)"
      case .margins(let range):
        "a whole number from \(range.lowerBound) to \(range.upperBound), a pair of them, or a pair "
          + "of pairs ((top, bottom), (left, right))"
      case .span(let range, nil):
        "a pair of numbers from \(range.lowerBound) to \(range.upperBound)"
      case .span(_, let alone?):
        "a number from \(alone.lowerBound) to \(alone.upperBound), or a pair of numbers"
      case .axes: "an axis as -1, or a tuple of axes"
      case .numbers: "a number, or an array of numbers"
      case .wholeNumbers: "a whole number, or a tuple of some"
      case .component(let family):
        "one of " + family.names.map { "\"\($0)\"" }.joined(separator: ", ")
          + ", or an object of keras.\(family.module)"
      case .layer: "a layer, as layers.Dense(4)"
      case .rate: "a number from 0 to 1000000, or a schedule of keras.optimizers.schedules"
      case .integers(let range):
        "a tuple of whole numbers from \(range.lowerBound) to \(range.upperBound)"
      case .openShape: "a tuple of positive whole numbers, or None in their place"
      case .fixed: defaultValue == .boolean(false) ? "False only" : "only its default"
      }
    return allowsNone ? sort + ", or None" : sort
  }
}

/// One copy of the specs of each kind, for all that have them: they are made anew whenever they are
/// asked for.
private enum SharedSpecs {
  private static let all = Mutex<Set<[ArgumentSpec]>>([])
  /// Classes of programs have specs too; more than there are layers are no longer used.
  private static let most = 512

  static func one(for specs: [ArgumentSpec]) -> [ArgumentSpec] {
    all.withLock { all in
      if all.count > most { all = [] }
      return all.insert(specs).memberAfterInsert
    }
  }
}

/// The checked arguments of one layer, loss or optimizer: every name known, every value in its form.
package struct Arguments: Hashable, Sendable {
  package let specs: [ArgumentSpec]
  /// What differs from its default or has none, by place among the specs, in their order. A list of
  /// edits keeps many copies, of layers with twenty arguments of which two were given.
  private var given: [Given] = []

  private struct Given: Hashable, Sendable {
    let place: Int
    let value: ArgumentValue
  }

  package enum Failure: Error, Hashable, Sendable {
    case missing(ArgumentSpec)
    case unknown(name: String, known: [String])
    case tooMany(given: Int, taken: Int)
    case repeated(name: String)
    case unsuitable(ArgumentSpec, found: ArgumentValue)
  }

  /// Binds arguments as Python does: by position in the order of the specs, then by name.
  package init(
    _ specs: [ArgumentSpec], positional: [ArgumentValue] = [],
    keywords: [(name: String, value: ArgumentValue)] = []
  ) throws(Failure) {
    self.specs = SharedSpecs.one(for: specs)
    let taken = specs.prefix { !$0.keywordOnly }.count
    guard positional.count <= taken else {
      throw .tooMany(given: positional.count, taken: taken)
    }
    var bound: Set<String> = []
    for (spec, value) in zip(specs, positional) {
      try set(spec.name, value)
      bound.insert(spec.name)
    }
    for (name, value) in keywords {
      guard !bound.contains(name) else { throw .repeated(name: name) }
      try set(name, value)
      bound.insert(name)
    }
    for spec in specs where spec.defaultValue == nil && !bound.contains(spec.name) {
      throw .missing(spec)
    }
  }

  package subscript(name: String) -> ArgumentValue { self[ifTaken: name] ?? .none }

  /// The value of an argument; nil where there is none of that name.
  package subscript(ifTaken name: String) -> ArgumentValue? {
    guard let place = specs.firstIndex(where: { $0.name == name }) else { return nil }
    return given.first { $0.place == place }?.value ?? specs[place].defaultValue
  }

  /// Changes one argument; throws when there is none of that name or the value does not fit.
  package mutating func set(_ name: String, _ value: ArgumentValue) throws(Failure) {
    guard let place = specs.firstIndex(where: { $0.name == name }) else {
      throw .unknown(name: name, known: specs.map(\.name))
    }
    let spec = specs[place]
    guard let fitting = spec.normalized(value) else {
      throw .unsuitable(spec, found: value)
    }
    given.removeAll { $0.place == place }
    guard fitting != spec.defaultValue else { return }
    let next = given.firstIndex { $0.place > place } ?? given.endIndex
    given.insert(Given(place: place, value: fitting), at: next)
  }

  /// The arguments that differ from their defaults, in Keras's order: what code has to say.
  package var spoken: [(name: String, value: ArgumentValue)] {
    specs.compactMap { spec in
      let value = self[spec.name]
      return value == spec.defaultValue ? nil : (spec.name, value)
    }
  }

  package func integer(_ name: String) -> Int {
    guard case .integer(let i) = self[name] else { unfit(name) }
    return i
  }

  package func number(_ name: String) -> Double {
    guard case .number(let x) = self[name] else { unfit(name) }
    return x
  }

  package func boolean(_ name: String) -> Bool {
    guard case .boolean(let flag) = self[name] else { unfit(name) }
    return flag
  }

  package func text(_ name: String) -> String {
    guard case .text(let text) = self[name] else { unfit(name) }
    return text
  }

  package func integers(_ name: String) -> [Int] {
    guard case .integers(let all) = self[name] else { unfit(name) }
    return all
  }

  /// How many before and after each of two axes.
  package func margins(_ name: String) -> [(before: Int, after: Int)] {
    switch self[name] {
    case .integers(let both): return both.map { ($0, $0) }
    case .list(let sides):
      return sides.map { side in
        guard case .integers(let both) = side else { unfit(name) }
        return (both[0], both[1])
      }
    default: unfit(name)
    }
  }

  /// The two numbers of a span in the order they were given, or the one that stands for both.
  package func span(_ name: String) -> [Double] {
    switch self[name] {
    case .number(let x): return [x]
    case .list(let both): return both.compactMap(\.asNumber)
    default: unfit(name)
    }
  }

  /// One axis or several.
  package func axes(_ name: String) -> [Int] {
    if case .integer(let axis) = self[name] { return [axis] }
    return integers(name)
  }

  /// The axes that an argument names, nil when None.
  package func optionalAxes(_ name: String) -> [Int]? {
    self[name] == .none ? nil : axes(name)
  }

  /// The extents of a shape, nil where any is right; nil when None.
  package func openShape(_ name: String) -> [Int?]? {
    switch self[name] {
    case .integers(let extents): return extents
    case .list(let items):
      return items.map { if case .integer(let i) = $0 { i } else { nil } }
    default: return nil
    }
  }

  /// A number for each place, or one for all; nil when None.
  package func numbers(_ name: String) -> [Float]? {
    switch self[name] {
    case .number(let x): return [Float(x)]
    case .tensor(let tensor): return tensor.scalars
    default: return nil
    }
  }

  /// The object that an argument names or holds, nil when None.
  package func component(_ name: String) -> Component? {
    switch self[name] {
    case .component(let component): return component
    case .text(let text):
      guard case .component(let family)? = specs.first(where: { $0.name == name })?.kind else {
        unfit(name)
      }
      return family.named(text)?.standard
    default: return nil
    }
  }

  private func unfit(_ name: String) -> Never {
    preconditionFailure("argument \(name) holds \(self[name]), which its spec does not allow")
  }
}

extension ArgumentValue {
  /// The number that it is, if it is one.
  package var asNumber: Double? {
    switch self {
    case .integer(let i): Double(i)
    case .number(let x): x
    default: nil
    }
  }
}

extension ArgumentValue {
  /// Margins of two axes in their shortest form: one number for each axis where both sides are equal,
  /// else a pair for each.
  fileprivate func asMargins(_ range: ClosedRange<Int>) -> ArgumentValue? {
    func sides(_ item: ArgumentValue) -> [Int]? {
      switch item {
      case .integer(let i): [i, i]
      case .integers(let both) where both.count == 2: both
      default: nil
      }
    }
    let items: [ArgumentValue]
    switch self {
    case .integer: items = [self, self]
    case .integers(let both): items = both.map { .integer($0) }
    case .list(let both): items = both
    default: return nil
    }
    let all = items.compactMap(sides)
    guard items.count == 2, all.count == 2, all.joined().allSatisfy(range.contains) else {
      return nil
    }
    return all.allSatisfy { $0[0] == $0[1] }
      ? .integers(all.map { $0[0] }) : .list(all.map { .integers($0) })
  }

  /// Whether it can be an extent of a shape whose extents are not all known.
  fileprivate var isOpenExtent: Bool {
    if case .integer(let i) = self { return i > 0 }
    return self == .none
  }
}

extension Tensor {
  /// Lists of numbers, or of lists of one shape, rounded to Float32; nil for anything else.
  fileprivate init?(nested value: ArgumentValue) {
    switch value {
    case .integers(let all): self.init(shape: [all.count], scalars: all.map { Float($0) })
    case .list(let items):
      let parts = items.compactMap { Tensor(nested: $0) }
      let inner = parts.first?.shape ?? []
      guard parts.count == items.count, parts.allSatisfy({ $0.shape == inner }) else { return nil }
      self.init(
        shape: Shape([parts.count] + inner.extents), scalars: parts.flatMap(\.scalars))
    default:
      guard let number = value.asNumber else { return nil }
      self.init(shape: [], scalars: [Float(number)])
    }
  }
}
