using DtsMigrate.Engine.Replication.Ddl;

namespace DtsMigrate.Engine.Tasks;

/// <summary>Kinds of DDL statements that incremental data migration carries out; one for each <see cref="DdlKind"/>, under its name.</summary>
[Flags]
public enum DdlKinds : long
{
    /// <summary>No DDL.</summary>
    None = 0,

    /// <summary>CREATE TABLE.</summary>
    CreateTable = 1L << 0,

    /// <summary>ALTER TABLE.</summary>
    AlterTable = 1L << 1,

    /// <summary>DROP TABLE.</summary>
    DropTable = 1L << 2,

    /// <summary>RENAME TABLE.</summary>
    RenameTable = 1L << 3,

    /// <summary>TRUNCATE TABLE.</summary>
    TruncateTable = 1L << 4,

    /// <summary>CREATE INDEX.</summary>
    CreateIndex = 1L << 5,

    /// <summary>DROP INDEX.</summary>
    DropIndex = 1L << 6,

    /// <summary>CREATE DATABASE.</summary>
    CreateDatabase = 1L << 7,

    /// <summary>ALTER DATABASE.</summary>
    AlterDatabase = 1L << 8,

    /// <summary>DROP DATABASE.</summary>
    DropDatabase = 1L << 9,

    /// <summary>CREATE VIEW.</summary>
    CreateView = 1L << 10,

    /// <summary>ALTER VIEW.</summary>
    AlterView = 1L << 11,

    /// <summary>DROP VIEW.</summary>
    DropView = 1L << 12,

    /// <summary>CREATE PROCEDURE.</summary>
    CreateProcedure = 1L << 13,

    /// <summary>ALTER PROCEDURE.</summary>
    AlterProcedure = 1L << 14,

    /// <summary>DROP PROCEDURE.</summary>
    DropProcedure = 1L << 15,

    /// <summary>CREATE FUNCTION.</summary>
    CreateFunction = 1L << 16,

    /// <summary>ALTER FUNCTION.</summary>
    AlterFunction = 1L << 17,

    /// <summary>DROP FUNCTION.</summary>
    DropFunction = 1L << 18,

    /// <summary>CREATE TRIGGER.</summary>
    CreateTrigger = 1L << 19,

    /// <summary>DROP TRIGGER.</summary>
    DropTrigger = 1L << 20,

    /// <summary>CREATE EVENT.</summary>
    CreateEvent = 1L << 21,

    /// <summary>ALTER EVENT.</summary>
    AlterEvent = 1L << 22,

    /// <summary>DROP EVENT.</summary>
    DropEvent = 1L << 23,

    /// <summary>CREATE LIBRARY.</summary>
    CreateLibrary = 1L << 24,

    /// <summary>ALTER LIBRARY.</summary>
    AlterLibrary = 1L << 25,

    /// <summary>DROP LIBRARY.</summary>
    DropLibrary = 1L << 26,

    /// <summary>Statements about tables and their indexes: the kinds that can be selected for a table.</summary>
    Tables = CreateTable | AlterTable | DropTable | RenameTable | TruncateTable | CreateIndex | DropIndex,

    /// <summary>Every kind.</summary>
    All = (1L << 27) - 1,
}
