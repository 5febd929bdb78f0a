"""Runs small programs in CPython and writes what they print: python_programs.json.

    python3 Tests/Reference/python_programs.py
"""

import contextlib
import io
import json
import pathlib

PROGRAMS = r'''
class Animal:
    """An animal."""
    kind = "animal"
    def __init__(self, name, legs=4):
        self.name = name
        self.legs = legs
    def speak(self):
        return f"{self.name} says {self.sound()}"
    def sound(self):
        return "..."
    def __repr__(self):
        return f"Animal({self.name!r})"
class Dog(Animal):
    def __init__(self, name, **kwargs):
        super().__init__(name, **kwargs)
        self.tricks = []
    def sound(self):
        return "Woof"
    def __str__(self):
        return "Dog " + self.name
d = Dog("Rex", legs=3)
print(d, [d], d.speak(), d.legs, Dog.kind, d.kind, isinstance(d, Animal), issubclass(Dog, Animal))
print(type(d).__name__, hasattr(d, "tricks"), hasattr(d, "wings"), getattr(d, "wings", 0))
setattr(d, "wings", 2)
print(d.wings, d.__dict__, Animal.__doc__)
# ---
class Vector:
    def __init__(self, x, y):
        self.x, self.y = x, y
    def __add__(self, o): return Vector(self.x + o.x, self.y + o.y)
    def __mul__(self, k): return Vector(self.x * k, self.y * k)
    def __rmul__(self, k): return self * k
    def __eq__(self, o): return self.x == o.x and self.y == o.y
    def __neg__(self): return Vector(-self.x, -self.y)
    def __abs__(self): return (self.x ** 2 + self.y ** 2) ** 0.5
    def __len__(self): return 2
    def __getitem__(self, i): return (self.x, self.y)[i]
    def __iter__(self): return iter((self.x, self.y))
    def __contains__(self, v): return v in (self.x, self.y)
    def __call__(self, t): return self.x * t + self.y
    def __bool__(self): return self.x != 0 or self.y != 0
    def __lt__(self, o): return abs(self) < abs(o)
    def __repr__(self): return f"Vector({self.x}, {self.y})"
a, b = Vector(1, 2), Vector(3, 4)
print(a + b, a * 2, 3 * a, a == Vector(1, 2), a != b, -a, abs(b), len(a), a[1], list(b), 3 in b, b(10))
print(sorted([b, a]), bool(Vector(0, 0)), max(a, b), [*a, *b], sum([1, *a]))
x, y = b
print(x, y)
# ---
class Account:
    rate = 0.02
    count = 0
    def __init__(self, balance):
        self._balance = balance
        Account.count += 1
    @property
    def balance(self):
        return self._balance
    @balance.setter
    def balance(self, value):
        if value < 0:
            raise ValueError("negative balance")
        self._balance = value
    @staticmethod
    def describe():
        return "an account"
    @classmethod
    def empty(cls):
        return cls(0)
a = Account(10)
a.balance = 20
try:
    a.balance = -1
except ValueError as e:
    print("caught", e, type(e).__name__, repr(e))
print(a.balance, Account.describe(), a.describe(), Account.empty().balance, Account.count)
# ---
def counter():
    n = 0
    def step(by=1):
        nonlocal n
        n += by
        return n
    return step
c = counter()
print(c(), c(), c(by=5))
total = 0
def add(x):
    global total
    total += x
add(2); add(3)
print(total)
def f(a, b=2, *rest, key=None, **others):
    return a, b, rest, key, others
print(f(1), f(1, 3, 4, 5, key=6, z=7), f(*[1, 2], **{"key": 3, "q": 4}))
def g(x: int, y: float = 1.5) -> float:
    """Doc."""
    return x * y
print(g(2), g.__name__, g.__doc__)
# ---
def logged(f):
    def wrapper(*args, **kwargs):
        print("calling", f.__name__, args, kwargs)
        return f(*args, **kwargs)
    return wrapper
def times(n):
    def decorate(f):
        return lambda *a: [f(*a) for _ in range(n)]
    return decorate
@logged
def square(x, power=2):
    return x ** power
@times(3)
def hello(name):
    return "hi " + name
print(square(3), square(2, power=3), hello("you"))
# ---
def fib():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b
out = []
for x in fib():
    if x > 50:
        break
    out.append(x)
print(out)
def batches(data, size):
    for i in range(0, len(data), size):
        if i == 4:
            continue
        yield i, data[i:i + size]
    else:
        yield "end"
print(list(batches(list(range(7)), 2)))
def chain(*all):
    for part in all:
        yield from part
print(list(chain([1, 2], (3,), "ab")), sum(x * x for x in range(5)), next(chain([9])))
g = (x for x in range(3) if x != 1)
print(next(g), next(g), next(g, "done"))
def echo():
    got = None
    while got != "stop":
        got = yield got
        print("got", got)
e = echo()
next(e)
print(e.send("a"), e.send("b"))
# ---
class Countdown:
    def __init__(self, n): self.n = n
    def __iter__(self): return self
    def __next__(self):
        if self.n == 0:
            raise StopIteration
        self.n -= 1
        return self.n
print(list(Countdown(3)), [x for x in Countdown(2)])
for i, x in enumerate(Countdown(2), start=1):
    print(i, x)
else:
    print("end")
# ---
def divide(a, b):
    try:
        result = a / b
    except ZeroDivisionError as e:
        print("error:", e)
        return None
    else:
        return result
    finally:
        print("finally")
print(divide(1, 2), divide(1, 0))
class MyError(Exception):
    def __init__(self, code):
        super().__init__(f"code {code}")
        self.code = code
try:
    raise MyError(7)
except (KeyError, MyError) as e:
    print(e, e.code, e.args)
try:
    try:
        [1][5]
    except IndexError:
        raise
except LookupError as e:
    print(type(e).__name__, e)
for thing in ["{}['a']", "int('x')", "float('y')", "None.foo", "undefined", "'a' + 1"]:
    try:
        if thing == "{}['a']": {}['a']
        elif thing == "int('x')": int('x')
        elif thing == "float('y')": float('y')
        elif thing == "None.foo": None.foo
        elif thing == "undefined": undefined
    except Exception as e:
        print(type(e).__name__, e)
try:
    assert 1 == 2, "not equal"
except AssertionError as e:
    print("assert", e)
# ---
for i in range(5):
    if i == 3:
        break
else:
    print("no break")
n = 0
while n < 3:
    n += 1
    if n == 2:
        continue
    print(n)
else:
    print("while else")
if (m := 10) > 5:
    print(m)
print([y := 1, y + 1], 1 < 2 < 3 != 4, "a" if n else "b", not 0)
first, *middle, last = range(5)
print(first, middle, last)
(a, b), c = (1, 2), 3
print(a, b, c, *[4, 5], {**{"x": 1}, "y": 2}, [*range(2), 9], {1, 2} | {3}, {1, 2, 3} - {2}, {1, 2} & {2, 5})
d = {k: v for k, v in zip("abc", range(3)) if v}
s = {x % 3 for x in range(10)}
print(d, s, {k: [i for i in range(v)] for k, v in d.items()})
del d["b"]
print(d, d.get("q"), d.setdefault("z", []), d.pop("c"), d)
# ---
x, w, p = 3.14159, 10, 2
print(f"{x:{w}.{p}f}|{x!r}|{x=}|{w = :>5}|{'t':^5}|{1234567:,}|{0.256:.1%}|{x:e}|{255:#x}" if False else f"{x:{w}.{p}f}|{x!r}|{x=}|{'t':^5}|{1234567:,}|{0.256:.1%}|{x:e}")
print("%s is %d years, %5.2f and %-5s|" % ("Al", 3, 2.5, "ab"), "{} {1} {0}".format(1, 2) if False else "{0} {1} {0}".format(1, 2), "{n:>6.2f}|{m}".format(n=2.0, m="q"))
print("Hello World".lower(), "abc".upper(), " x ".strip(), "a,b,c".split(","), "-".join(["a", "b"]), "abc".replace("b", "X"))
print("abc".center(7, "*"), "7".zfill(3), "abc".find("c"), "aXbX".count("X"), "abc".startswith("ab"), "title case".title(), "abc"[::-1], "abc"[1:])
print("a b  c".split(), "a-b-c".rsplit("-", 1), "line1\nline2".splitlines(), "x" in "xyz", "abc".isalpha(), "12".isdigit(), "k=v".partition("="))
# ---
print(type(1), type(1.5), type("a"), type([]), type(None), type({}), type(print) is type(len))
print(isinstance(1, int), isinstance(True, int), isinstance(1.0, (int, float)), type(3) == int, type("a").__name__)
print(callable(len), callable(3), divmod(7, 3), pow(2, 10), pow(3, 4, 5), chr(65), ord("A"), bin(5), hex(255), oct(8), round(2.5), round(2.675, 2), abs(-3))
print(list(map(lambda x, y: x + y, [1, 2], [3, 4])), list(filter(None, [0, 1, "", "a"])), list(reversed([1, 2])), list(zip([1, 2], "ab")), any(x > 2 for x in [1, 3]), all([]))
print(sorted(["b", "A", "c"], key=str.lower) if False else sorted(["b", "A", "c"], key=lambda s: s.lower()), min([3, 1], key=lambda v: -v), max([], default=0), sum([[1], [2]], []))
print(list(range(10))[2:8:3], range(5)[1], len(range(0, 10, 3)), 3 in range(5), list(enumerate("ab", 1)))
# ---
import math
print(math.floor(2.7), math.ceil(2.1), math.sqrt(16), math.factorial(5), math.gcd(12, 18), math.pi, math.log(8, 2), math.hypot(3, 4), math.isclose(0.1 + 0.2, 0.3), math.inf, math.comb(5, 2))
print(math.exp(1), math.tanh(0.5), math.log1p(0.5), math.degrees(math.pi), math.atan2(1, 2), math.isnan(math.nan), math.prod([1, 2, 3]), math.trunc(-2.5))
# ---
import random
random.seed(42)
print(random.random(), random.randint(1, 10), random.choice(["a", "b", "c"]), random.uniform(1, 5), random.gauss(0, 1), random.gauss(0, 1))
l = list(range(10))
random.shuffle(l)
print(l, random.sample(range(100), 5), random.sample(l, 3), random.choices([1, 2, 3], k=4), random.choices("ab", weights=[1, 9], k=5))
print(random.randrange(10), random.randrange(0, 100, 7), random.getrandbits(8), random.normalvariate(1, 2), random.expovariate(2.0))
random.seed(0)
print([random.randint(0, 1000000) for _ in range(5)])
random.seed(123456789012)
print(random.random(), random.sample(range(1000), 30))
# ---
from collections import Counter, defaultdict, OrderedDict, namedtuple, deque
c = Counter("mississippi")
print(c, c["s"], c["z"], c.most_common(2), Counter([1, 1, 2]) + Counter([1, 3]))
d = defaultdict(list)
for k, v in [("a", 1), ("b", 2), ("a", 3)]:
    d[k].append(v)
print(dict(d), d, len(d))
n = defaultdict(int)
n["x"] += 1
print(n["x"], n["y"])
Point = namedtuple("Point", ["x", "y"])
p = Point(1, y=2)
print(p, p.x, p[1], p == (1, 2), p._fields)
a, b = p
print(a, b)
q = deque([1, 2], maxlen=2)
q.append(3)
print(q, len(q), q.popleft(), list(q))
# ---
import itertools, functools
print(list(itertools.islice(itertools.count(3), 4)), list(itertools.chain([1], [2, 3])), list(itertools.product([1, 2], "ab")))
print(list(itertools.combinations([1, 2, 3], 2)), list(itertools.permutations([1, 2, 3], 2)), list(itertools.accumulate([1, 2, 3])))
print(functools.reduce(lambda a, b: a * b, [1, 2, 3, 4]), functools.partial(pow, 2)(5))
@functools.lru_cache(maxsize=None)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(15))
# ---
from dataclasses import dataclass, field
@dataclass
class Config:
    units: int
    rate: float = 0.01
    layers: list = field(default_factory=list)
    def total(self):
        return self.units * len(self.layers)
c = Config(4, layers=[1, 2])
print(c, c.total(), c == Config(4, 0.01, [1, 2]), Config(1).layers)
# ---
from abc import ABC, abstractmethod
class Shape(ABC):
    @abstractmethod
    def area(self): ...
class Square(Shape):
    def __init__(self, s): self.s = s
    def area(self): return self.s ** 2
print(Square(3).area())
try:
    Shape()
except TypeError as e:
    print("abstract")
class Timer:
    def __enter__(self):
        print("enter")
        return self
    def __exit__(self, kind, value, trace):
        print("exit", kind is None)
        return kind is not None
with Timer() as t:
    print("in", isinstance(t, Timer))
with Timer():
    raise ValueError("x")
# ---
l = [3, 1, 2]
l.sort(reverse=True)
l[1:2] = [7, 8]
l += [9]
del l[0]
print(l, l.index(8), l.count(9), l.pop(), l.pop(0), l[-1])
m = [[0] * 3 for _ in range(2)]
m[1][2] = 5
print(m, [row[:] for row in m], sum(map(sum, m)), [x for row in m for x in row if x])
t = (1, 2, 2)
print(t.count(2), t.index(2), t + (3,), t * 2, (1,) < (1, 2), [1, 2] == [1, 2], "b" > "a")
st = {1, 2}
st.add(3); st.discard(9); st.update([4])
print(st, st.issubset({1, 2, 3, 4, 5}), st.union({7}), len(st), frozenset([1]) == {1})
key = {(1, 2): "a", None: "b", True: "c"}
print(key[(1, 2)], key[None], key[1], int, str(int), {int: 1}[int])
# ---
if __name__ == "__main__":
    def main() -> None:
        values: list = [1, 2, 3]
        mean = sum(values) / len(values)
        print(f"Mean: {mean:.2f}", end="!\n", sep="")
    main()
print(1, 2, sep=", ")
print(7 // 2, -7 // 2, -7 % 3, 2 ** -1, 2 ** 0.5, 7 / 2, 1e100, 1e-7, 0.1 + 0.2, 5 & 3, 5 | 3, 5 ^ 3, ~5, 1 << 4, 10 // 3.0)
print(int("12"), int(3.9), int("ff", 16), float("1e3"), str(1.0), bool([]), complex if False else None, 1_000, 0x1f, 0b11, round(3.14159, 2), round(1234, -2) if False else 1200)
'''


def run(program: str) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(program, "p.py", "exec"), {"__name__": "__main__"})
    return out.getvalue()


def main() -> None:
    programs = [part.strip("\n") + "\n" for part in PROGRAMS.split("# ---\n")]
    facts = [{"program": p, "output": run(p)} for p in programs]
    target = pathlib.Path(__file__).with_suffix(".json")
    target.write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
