using System.Text;

namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>
/// Turns the bytes of a statement into text and back without loss, in a client character set of MySQL. What is no character of it, such as the bytes of a
/// <c>_binary</c> string, becomes characters that no text has (a low surrogate that stands alone, U+DC00 and the byte), and those bytes again. Characters of
/// several bytes are read as such: their second byte may be a backslash or a back-tick.
/// </summary>
internal sealed class StatementEncoding
{
    private const char RawByte = '\uDC00';
    private const int MostBytes = 4;

    /// <summary>Code page of US-ASCII.</summary>
    public const int Ascii = 20127;

    private readonly Encoding _encoding;
    private readonly Func<ReadOnlySpan<byte>, int> _length;

    private StatementEncoding(Encoding encoding, Func<ReadOnlySpan<byte>, int> length) => (_encoding, _length) = (encoding, length);

    /// <summary>The encoding of a character set.</summary>
    /// <param name="charset">Name of the character set.</param>
    /// <param name="codePage">Its code page; 0 for UTF-8, <see cref="Ascii"/> where nothing is known but that its first half is ASCII.</param>
    public static StatementEncoding? Of(string charset, int codePage) => codePage switch
    {
        0 => new StatementEncoding(Encoding.UTF8, static _ => 0),
        Ascii => new StatementEncoding(Encoding.ASCII, static _ => 1),
        _ => CodePagesEncodingProvider.Instance.GetEncoding(codePage) is { } encoding ? new StatementEncoding(encoding, LengthIn(charset)) : null,
    };

    /// <summary>A part of the text is bytes that are no characters.</summary>
    public static bool HasRawBytes(ReadOnlySpan<char> text)
    {
        for (int i = text.IndexOfAnyInRange(RawByte, (char)(RawByte + byte.MaxValue)); i >= 0 && i < text.Length; i++)
        {
            if (IsRaw(text, i))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The text.</summary>
    public string Decode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        Span<char> characters = stackalloc char[MostBytes];
        Span<byte> again = stackalloc byte[MostBytes * 3];
        for (int at = 0; at < bytes.Length;)
        {
            int structural = _length(bytes[at..]);
            var one = bytes.Slice(at, Math.Min(structural > 0 ? structural : Utf8Length(bytes[at..]), bytes.Length - at));
            int count = _encoding.GetChars(one, characters);
            bool isExact = !characters[..count].Contains('\uFFFD') && _encoding.GetBytes(characters[..count], again) is var length && again[..length].SequenceEqual(one);
            if (isExact)
            {
                text.Append(characters[..count]);
            }
            else
            {
                // What the server takes for one character belongs together, though no text stands for it.
                one = structural > 0 ? one : one[..1];
                foreach (byte b in one)
                {
                    text.Append((char)(RawByte + b));
                }
            }

            at += one.Length;
        }

        return text.ToString();
    }

    /// <summary>The bytes.</summary>
    /// <returns>Null when a character is none of the character set's.</returns>
    public byte[]? Encode(ReadOnlySpan<char> text)
    {
        var bytes = new List<byte>(text.Length);
        Span<byte> one = stackalloc byte[MostBytes * 3];
        Span<char> again = stackalloc char[MostBytes];
        for (int at = 0; at < text.Length;)
        {
            if (IsRaw(text, at))
            {
                bytes.Add((byte)(text[at++] - RawByte));
                continue;
            }

            var character = text.Slice(at, char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1);
            int length = _encoding.GetBytes(character, one);
            if (!again[.._encoding.GetChars(one[..length], again)].SequenceEqual(character))
            {
                return null;
            }

            bytes.AddRange(one[..length]);
            at += character.Length;
        }

        return [.. bytes];
    }

    private static bool IsRaw(ReadOnlySpan<char> text, int at) =>
        text[at] >= RawByte && text[at] <= RawByte + byte.MaxValue && (at == 0 || !char.IsHighSurrogate(text[at - 1]));

    private static int Utf8Length(ReadOnlySpan<byte> bytes) => bytes[0] switch
    {
        < 0xC2 => 1,
        < 0xE0 => 2,
        < 0xF0 => 3,
        < 0xF5 => 4,
        _ => 1,
    };

    // Lead and tail bytes, as the server's character sets have them.
    private static Func<ReadOnlySpan<byte>, int> LengthIn(string charset) => charset switch
    {
        "gbk" => static bytes => bytes is [>= 0x81 and <= 0xFE, (>= 0x40 and <= 0x7E) or (>= 0x80 and <= 0xFE), ..] ? 2 : 1,
        "big5" => static bytes => bytes is [>= 0xA1 and <= 0xF9, (>= 0x40 and <= 0x7E) or (>= 0xA1 and <= 0xFE), ..] ? 2 : 1,
        "euckr" => static bytes => bytes is [>= 0x81 and <= 0xFE, (>= 0x41 and <= 0x5A) or (>= 0x61 and <= 0x7A) or (>= 0x81 and <= 0xFE), ..] ? 2 : 1,
        "gb2312" => static bytes => bytes is [>= 0xA1 and <= 0xF7, >= 0xA1 and <= 0xFE, ..] ? 2 : 1,
        "gb18030" => static bytes => bytes is [>= 0x81 and <= 0xFE, >= 0x30 and <= 0x39, >= 0x81 and <= 0xFE, >= 0x30 and <= 0x39, ..] ? 4
            : bytes is [>= 0x81 and <= 0xFE, (>= 0x40 and <= 0x7E) or (>= 0x80 and <= 0xFE), ..] ? 2 : 1,
        "sjis" or "cp932" => static bytes => bytes is [(>= 0x81 and <= 0x9F) or (>= 0xE0 and <= 0xFC), (>= 0x40 and <= 0x7E) or (>= 0x80 and <= 0xFC), ..] ? 2 : 1,
        "ujis" or "eucjpms" => static bytes => bytes is [0x8F, >= 0xA1 and <= 0xFE, >= 0xA1 and <= 0xFE, ..] ? 3
            : bytes is [0x8E, >= 0xA0 and <= 0xDF, ..] or [>= 0xA1 and <= 0xFE, >= 0xA1 and <= 0xFE, ..] ? 2 : 1,
        _ => static _ => 1,
    };
}
