/// What the header of a `.npy` file says, read from its Python dict.
///
/// `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`
struct NumPyHeader {
  let elementType: NumPyArray.ElementType
  let isBigEndian: Bool
  let isFortranOrder: Bool
  let shape: [Int]

  init(text: String, file: String) throws(FileFailure) {
    let fields = Self.fields(of: text)
    guard
      let descr = fields["descr"], let order = fields["fortran_order"],
      order == "True" || order == "False",
      let shape = fields["shape"].flatMap(Self.shape)
    else {
      throw FileFailure(
        at: "\(file), header", found: "\(text.prefix(80).debugDescription)",
        right: "a header has 'descr', 'fortran_order' and 'shape'")
    }
    isFortranOrder = order == "True"
    self.shape = shape
    (elementType, isBigEndian) = try Self.elementType(descr, file: file)
  }

  /// The dict's values as written, strings without their quotes.
  private static func fields(of text: String) -> [String: String] {
    var fields: [String: String] = [:]
    var rest = text.drop { $0 == " " || $0 == "{" }
    while let key = takeString(&rest) {
      rest = rest.drop { $0 == ":" || $0 == " " }
      guard let value = takeValue(&rest) else { break }
      fields[key] = value
      rest = rest.drop { $0 == "," || $0 == " " }
    }
    return fields
  }

  private static func takeString(_ rest: inout Substring) -> String? {
    guard let quote = rest.first, quote == "'" || quote == "\"" else { return nil }
    let body = rest.dropFirst().prefix { $0 != quote }
    guard body.endIndex < rest.endIndex else { return nil }
    rest = rest[body.endIndex...].dropFirst()
    return String(body)
  }

  private static func takeValue(_ rest: inout Substring) -> String? {
    if let string = takeString(&rest) { return string }
    if let open = rest.first, open == "(" || open == "[" {
      let close: Character = open == "(" ? ")" : "]"
      let body = rest.prefix { $0 != close }
      guard body.endIndex < rest.endIndex else { return nil }
      rest = rest[body.endIndex...].dropFirst()
      return String(body) + String(close)
    }
    let word = rest.prefix { $0 != "," && $0 != "}" }
    rest = rest[word.endIndex...]
    return String(word)
  }

  private static func shape(_ text: String) -> [Int]? {
    guard text.hasPrefix("(") && text.hasSuffix(")") else { return nil }
    var extents: [Int] = []
    for part in text.dropFirst().dropLast().split(separator: ",") {
      guard let extent = Int(part.filter { $0 != " " && $0 != "L" }), extent >= 0 else {
        return nil
      }
      extents.append(extent)
    }
    return extents
  }

  private static func elementType(
    _ descr: String, file: String
  ) throws(FileFailure) -> (NumPyArray.ElementType, isBigEndian: Bool) {
    guard
      let order = descr.first, "<>|=".contains(order),
      let type = NumPyArray.ElementType(rawValue: String(descr.dropFirst()))
    else {
      throw FileFailure(
        at: "\(file), header", found: "elements of type '\(descr)'",
        right: "save numbers or booleans, for example x.astype('float32')")
    }
    return (type, order == ">")
  }
}
