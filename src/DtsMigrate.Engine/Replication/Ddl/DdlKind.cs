namespace DtsMigrate.Engine.Replication.Ddl;

/// <summary>Kind of a DDL statement, as the DDL log and the selection of kinds name it.</summary>
public enum DdlKind
{
    /// <summary>CREATE TABLE.</summary>
    CreateTable,

    /// <summary>ALTER TABLE.</summary>
    AlterTable,

    /// <summary>DROP TABLE.</summary>
    DropTable,

    /// <summary>RENAME TABLE.</summary>
    RenameTable,

    /// <summary>TRUNCATE TABLE.</summary>
    TruncateTable,

    /// <summary>CREATE INDEX.</summary>
    CreateIndex,

    /// <summary>DROP INDEX.</summary>
    DropIndex,

    /// <summary>CREATE DATABASE.</summary>
    CreateDatabase,

    /// <summary>ALTER DATABASE.</summary>
    AlterDatabase,

    /// <summary>DROP DATABASE.</summary>
    DropDatabase,

    /// <summary>CREATE VIEW.</summary>
    CreateView,

    /// <summary>ALTER VIEW.</summary>
    AlterView,

    /// <summary>DROP VIEW.</summary>
    DropView,

    /// <summary>CREATE PROCEDURE.</summary>
    CreateProcedure,

    /// <summary>ALTER PROCEDURE.</summary>
    AlterProcedure,

    /// <summary>DROP PROCEDURE.</summary>
    DropProcedure,

    /// <summary>CREATE FUNCTION.</summary>
    CreateFunction,

    /// <summary>ALTER FUNCTION.</summary>
    AlterFunction,

    /// <summary>DROP FUNCTION.</summary>
    DropFunction,

    /// <summary>CREATE TRIGGER.</summary>
    CreateTrigger,

    /// <summary>DROP TRIGGER.</summary>
    DropTrigger,

    /// <summary>CREATE EVENT.</summary>
    CreateEvent,

    /// <summary>ALTER EVENT.</summary>
    AlterEvent,

    /// <summary>DROP EVENT.</summary>
    DropEvent,

    /// <summary>CREATE LIBRARY.</summary>
    CreateLibrary,

    /// <summary>ALTER LIBRARY.</summary>
    AlterLibrary,

    /// <summary>DROP LIBRARY.</summary>
    DropLibrary,
}
