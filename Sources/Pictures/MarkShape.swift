/// Marks over letters, which the font has none of: the hat of `m̂`.
enum MarkShape {
  /// The pixels of a mark, three rows of ten; a dot for one that is seldom seen.
  static func pixels(of mark: Unicode.Scalar) -> [(x: Int, y: Int)] {
    let rows: [String] =
      switch mark.value {
      case 0x300: ["···#······", "····#·····", "·····#····"]
      case 0x301: ["······#···", "·····#····", "····#·····"]
      case 0x302: ["····##····", "···#··#···", "··#····#··"]
      case 0x303: ["···##··#··", "··#··##···", "··········"]
      case 0x304, 0x305: ["··········", "··######··", "··········"]
      case 0x308: ["··##··##··", "··##··##··", "··········"]
      case 0x30C: ["··#····#··", "···#··#···", "····##····"]
      case 0x20D7: ["······#···", "··#######·", "······#···"]
      default: ["····##····", "····##····", "··········"]
      }
    return rows.enumerated().flatMap { y, row in
      row.enumerated().filter { $0.element == "#" }.map { (x: $0.offset, y: y) }
    }
  }
}
