namespace DtsMigrate.Engine.Tasks;

/// <summary>How much of this machine and of both servers full data migration takes; the numbers are those of <see cref="TaskSizes"/>.</summary>
public enum TaskSize
{
    /// <summary>Chosen from what both servers show.</summary>
    Auto,

    /// <summary>2 threads.</summary>
    Small,

    /// <summary>4 threads.</summary>
    Medium,

    /// <summary>8 threads.</summary>
    Large,

    /// <summary>16 threads.</summary>
    XLarge,

    /// <summary>32 threads; written <c>2XLarge</c>.</summary>
    XXLarge,
}
