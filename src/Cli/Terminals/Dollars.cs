using System.Globalization;

namespace OpenAIProxy.Cli.Terminals;

/// <summary>Money as people write it. The server counts whole micro-dollars.</summary>
internal static class Dollars
{
    private const decimal Micro = 1_000_000m;

    public static string Show(long micro) => (micro / Micro).ToString("$#,0.00####;-$#,0.00####", CultureInfo.InvariantCulture);

    /// <param name="what">Named where it is wrong, such as <c>--input</c>.</param>
    /// <exception cref="CommandFailedException">Says what money looks like.</exception>
    public static long Parse(string text, string what) =>
        decimal.TryParse(text.StartsWith('$') ? text[1..] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var dollars)
            && dollars <= long.MaxValue / Micro && decimal.IsInteger(dollars * Micro)
            ? (long)(dollars * Micro)
            : throw new CommandFailedException(ExitCode.WrongUsage, $"{what} '{text}' is no money: give dollars, such as 12.50, with six places after the point at most.");
}
