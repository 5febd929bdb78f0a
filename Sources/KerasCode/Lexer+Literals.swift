// Numbers and strings of Python.

extension Lexer {
  /// `12`, `1_000`, `0x1f`, `3.`, `.5`, `1e-3`.
  mutating func number() throws {
    let start = position
    if peek() == "0", let c = peek(1), let radix = Self.radix(of: c) {
      advance(2)
      let digits = digits { $0.properties.isASCIIHexDigit }
      guard let value = Int(digits, radix: radix) else { throw badNumber(from: start) }
      try endNumber(from: start)
      return add(.integer(value), from: start)
    }
    var text = digits(Self.isDecimal)
    var isWhole = true
    if peek() == "." {
      isWhole = false
      advance()
      text += "." + digits(Self.isDecimal)
    }
    if peek() == "e" || peek() == "E" {
      isWhole = false
      advance()
      text += "e"
      if let sign = peek(), sign == "+" || sign == "-" {
        text.unicodeScalars.append(sign)
        advance()
      }
      text += digits(Self.isDecimal)
    }
    try endNumber(from: start)
    if isWhole {
      guard let value = Int(text) else { throw badNumber(from: start) }
      return add(.integer(value), from: start)
    }
    if text.hasPrefix(".") { text = "0" + text }
    guard let value = Double(text.replacing(".e", with: ".0e")) ?? Double(text + "0") else {
      throw badNumber(from: start)
    }
    add(.number(value), from: start)
  }

  private static func isDecimal(_ c: Unicode.Scalar) -> Bool { c >= "0" && c <= "9" }

  private static func radix(of letter: Unicode.Scalar) -> Int? {
    switch letter {
    case "x", "X": 16
    case "o", "O": 8
    case "b", "B": 2
    default: nil
    }
  }

  /// Digits, with underscores between them left out.
  private mutating func digits(_ isDigit: (Unicode.Scalar) -> Bool) -> String {
    var digits = ""
    while let c = peek() {
      if isDigit(c) {
        digits.unicodeScalars.append(c)
      } else if c != "_" || digits.isEmpty {
        break
      }
      advance()
    }
    return digits
  }

  private func endNumber(from start: Int) throws {
    guard let c = peek(), c == "_" || c.properties.isXIDStart else { return }
    if c == "j" {
      throw fault("complex numbers are not supported", at: start..<position + 1)
    }
    throw badNumber(from: start)
  }

  private func badNumber(from start: Int) -> Diagnostic {
    fault(
      "this number cannot be read", remedy: "whole numbers reach to ±\(Int.max)",
      at: start..<max(position, start + 1))
  }

  // MARK: Strings

  /// A string after its prefix letters: `'…'`, `"…"`, three quotes of either, raw, f.
  mutating func string(prefix: String, from start: Int) throws {
    guard !prefix.contains("b") else {
      throw fault("byte strings are not supported", at: start..<position + 1)
    }
    let quote = peek() ?? "\""
    let isTriple = starts(with: [quote, quote, quote])
    let closing = [Unicode.Scalar](repeating: quote, count: isTriple ? 3 : 1)
    advance(closing.count)
    var piece = StringPiece(
      isRaw: prefix.contains("r"), isFormat: prefix.contains("f"), closing: closing, start: start)
    try read(&piece)
    advance(closing.count)
    if piece.isFormat {
      piece.endLiteral()
      add(.format(piece.pieces), from: start)
    } else {
      add(.text(piece.text), from: start)
    }
  }

  private struct StringPiece {
    let isRaw: Bool
    let isFormat: Bool
    let closing: [Unicode.Scalar]
    let start: Int
    var text = ""
    var pieces: [FormatPiece] = []

    mutating func endLiteral() {
      if !text.isEmpty { pieces.append(.literal(text)) }
      text = ""
    }
  }

  /// Reads up to the closing quotes.
  private mutating func read(_ piece: inout StringPiece) throws {
    while true {
      guard let c = peek() else { throw unterminated(piece) }
      if starts(with: piece.closing) { return }
      if (c == "\n" || c == "\r") && piece.closing.count == 1 { throw unterminated(piece) }
      if c == "\\" {
        try escape(&piece)
      } else if piece.isFormat && (c == "{" || c == "}") {
        try brace(c, &piece)
      } else {
        piece.text.unicodeScalars.append(c)
        advance()
      }
    }
  }

  private func unterminated(_ piece: StringPiece) -> Diagnostic {
    fault("this string is never closed", at: piece.start..<position)
  }

  /// A doubled brace, or a field.
  private mutating func brace(_ c: Unicode.Scalar, _ piece: inout StringPiece) throws {
    if peek(1) == c {
      piece.text.unicodeScalars.append(c)
      return advance(2)
    }
    guard c == "{" else {
      throw fault(
        "a single \"}\" in an f-string", remedy: "write \"}}\" for a brace",
        at: position..<position + 1)
    }
    piece.endLiteral()
    piece.pieces.append(try field(piece, depth: 0))
  }

  /// `{expression=!r:spec}`
  private mutating func field(_ piece: StringPiece, depth: Int) throws -> FormatPiece {
    advance()
    let start = position
    try skipExpression(piece)
    var end = position
    var shown: String?
    if peek() == "=" {
      advance()
      while peek() == " " { advance() }
      shown = source.text(start..<position)
    }
    while end > start && source.scalars[end - 1] == " " { end -= 1 }
    var conversion: Character?
    if peek() == "!" {
      advance()
      conversion = peek().map(Character.init)
      advance()
    }
    let spec = try spec(piece, depth: depth)
    guard peek() == "}" else {
      throw fault("\"{\" is never closed in this f-string", at: start - 1..<start)
    }
    guard end > start else {
      throw fault("nothing between the braces of this f-string", at: start - 1..<position + 1)
    }
    advance()
    return .field(start..<end, showsSource: shown, conversion: conversion, spec: spec)
  }

  private mutating func spec(_ piece: StringPiece, depth: Int) throws -> [FormatPiece] {
    guard peek() == ":" else { return [] }
    advance()
    var spec: [FormatPiece] = []
    var literal = ""
    while let c = peek(), c != "}" {
      if starts(with: piece.closing) || c == "\n" { break }
      if c == "{" && depth == 0 {
        if !literal.isEmpty { spec.append(.literal(literal)) }
        literal = ""
        spec.append(try field(piece, depth: 1))
      } else {
        literal.unicodeScalars.append(c)
        advance()
      }
    }
    if !literal.isEmpty { spec.append(.literal(literal)) }
    return spec
  }

  /// Moves to the `=`, `!`, `:` or `}` that ends the expression of a field.
  private mutating func skipExpression(_ piece: StringPiece) throws {
    var depth = 0
    var quote: Unicode.Scalar?
    while let c = peek() {
      if let open = quote {
        if c == open { quote = nil }
        if c == "\n" { return }
      } else if c == "\n" && piece.closing.count == 1 {
        return
      } else if starts(with: piece.closing) {
        return
      } else if c == "\"" || c == "'" {
        quote = c
      } else if c == "(" || c == "[" || c == "{" {
        depth += 1
      } else if c == ")" || c == "]" || (c == "}" && depth > 0) {
        depth -= 1
      } else if depth <= 0 && endsExpression(c) {
        return
      } else if ["=", "!", "<", ">"].contains(c) && peek(1) == "=" {
        advance()
      }
      advance()
    }
  }

  private func endsExpression(_ c: Unicode.Scalar) -> Bool {
    switch c {
    case "}", ":": true
    case "!", "=": peek(1) != "="
    default: false
    }
  }

  // MARK: Escapes

  private static let escapes: [Unicode.Scalar: Unicode.Scalar] = [
    "n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", "\"": "\"", "a": "\u{07}",
    "b": "\u{08}", "f": "\u{0C}", "v": "\u{0B}",
  ]

  private mutating func escape(_ piece: inout StringPiece) throws {
    guard let c = peek(1) else { throw unterminated(piece) }
    if piece.isRaw {
      piece.text.unicodeScalars.append(contentsOf: ["\\", c])
      return advance(2)
    }
    if c == "\n" || c == "\r" {
      advance(c == "\r" && peek(2) == "\n" ? 3 : 2)
    } else if let meant = Self.escapes[c] {
      piece.text.unicodeScalars.append(meant)
      advance(2)
    } else if let length = ["x": 2, "u": 4, "U": 8][c] {
      try hexadecimal(length, &piece)
    } else if c >= "0" && c <= "7" {
      octal(&piece)
    } else {
      piece.text.unicodeScalars.append(contentsOf: ["\\", c])
      advance(2)
    }
  }

  private mutating func hexadecimal(_ length: Int, _ piece: inout StringPiece) throws {
    let digits = source.text(position + 2..<position + 2 + length)
    guard digits.unicodeScalars.count == length, let value = UInt32(digits, radix: 16),
      let scalar = Unicode.Scalar(value)
    else { throw fault("this escape names no character", at: position..<position + 2) }
    piece.text.unicodeScalars.append(scalar)
    advance(2 + length)
  }

  private mutating func octal(_ piece: inout StringPiece) {
    advance()
    var value: UInt32 = 0
    var count = 0
    while count < 3, let c = peek(), c >= "0" && c <= "7" {
      value = value * 8 + (c.value - 48)
      count += 1
      advance()
    }
    piece.text.unicodeScalars.append(Unicode.Scalar(value) ?? "?")
  }
}
