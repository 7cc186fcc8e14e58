using DtsMigrate.MySql.Errors;

namespace DtsMigrate.Engine.FullCopy;

/// <summary>LOAD DATA did not take exactly what was sent. The chunk is rolled back and done again by strict INSERT, which gives the exact error.</summary>
internal sealed class LoadNotExactException : DtsMigrateException
{
    /// <summary>Creates it.</summary>
    /// <param name="message">What was not exact.</param>
    public LoadNotExactException(string message)
        : base("LoadNotExact", message)
    {
    }
}
