#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension String {
  /// Whether a text stands in it, byte by byte: tests over catalogs look for millions of words, and a
  /// search that goes by characters and locales is then most of their time.
  package func has(_ part: String) -> Bool {
    withCString { text in part.withCString { strstr(text, $0) != nil } }
  }
}
